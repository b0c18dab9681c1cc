import { defineConfig } from 'vitest/config'

/**
 * Three projects, by file name: `*.test.ts` is pure and belongs to `make check`; `*.server.test.ts` talks to real
 * servers and belongs to `make test`; `*.long.test.ts` is the long form of either, for `make integration` and `torture`.
 * Pure tests leave nothing behind, so they share a process and its modules: half the time.
 */
const projects = [
  {
    name: 'pure',
    isolate: false,
    include: ['**/*.test.ts'],
    exclude: ['**/*.server.test.ts', '**/*.long.test.ts', '**/node_modules/**'],
  },
  {
    name: 'servers',
    include: ['**/*.server.test.ts'],
    globalSetup: ['./proxy/test/global-servers.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
  {
    name: 'long',
    include: ['**/*.long.test.ts'],
    globalSetup: ['./proxy/test/global-servers.ts'],
    testTimeout: 1_800_000,
    hookTimeout: 300_000,
  },
]

export default defineConfig({
  test: { projects: projects.map(project => ({ test: { exclude: ['**/node_modules/**'], ...project } })) },
})
