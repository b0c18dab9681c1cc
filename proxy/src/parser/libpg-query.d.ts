/** The package declares its wrapper, not the module factory beneath, which we need to make new instances. */
declare module 'libpg-query/wasm/libpg-query.js' {
  import type { ParserModule } from './instance.ts'

  export default function createModule(): Promise<ParserModule>
}
