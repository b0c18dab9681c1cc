/**
 * `make bundle`: the program as one file for the image, dist/sallyport.mjs. Beside it the grammar (WebAssembly), which
 * the parser's own loader looks for there, and the parser's worker, which is a thread with a file of its own.
 */
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build, type PluginBuild } from 'esbuild'

const root = join(import.meta.dirname, '..')

export async function bundle(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await build({
    entryPoints: { sallyport: join(root, 'cli/src/main.ts'), worker: join(root, 'proxy/src/parser/worker.ts') },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    legalComments: 'linked',
    // CommonJS packages ask for these.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; import { fileURLToPath as __fileURLToPath } from 'node:url'; const require = __createRequire(import.meta.url); const __filename = __fileURLToPath(import.meta.url); const __dirname = import.meta.dirname;",
    },
    plugins: [workerBeside],
    logLevel: 'warning',
  })
  await copyFile(join(root, 'node_modules/libpg-query/wasm/libpg-query.wasm'), join(folder, 'libpg-query.wasm'))
}

/** From a checkout the worker is TypeScript; in a bundle it is the file beside. */
const workerBeside = {
  name: 'worker-beside',
  setup(builder: PluginBuild) {
    builder.onLoad({ filter: /proxy\/src\/parser\/pool\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      const contents = text.replace(
        "new URL('./worker.ts', import.meta.url)",
        "new URL('./worker.mjs', import.meta.url)",
      )
      if (contents === text) throw new Error('pool.ts names its worker in another way: change tools/bundle.ts')
      return { contents, loader: 'ts' }
    })
  },
}

if (import.meta.main) await bundle(join(root, 'dist'))
