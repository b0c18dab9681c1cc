/**
 * Starts the servers that the tests of one vitest run share: each when it is first asked for, by HTTP on a port of this
 * machine that the test files are told. All end with the run.
 */
import http from 'node:http'
import type { TestProject } from 'vitest/node'
import { type Base, type Cluster, makeBase, startCluster } from './cluster.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly serversPort: number
  }
}

export interface SharedServer {
  /** 0: only the base was asked for. */
  readonly port: number
  readonly base: Pick<Base, 'major' | 'directory'>
  readonly certificateAuthority: string
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const bases = new Map<number, Promise<Base>>()
  const clusters = new Map<string, Promise<Cluster>>()
  const baseOf = (major: number): Promise<Base> => remember(bases, major, () => makeBase(major))
  const answer = async (path: string): Promise<SharedServer> => {
    const [, major = '', name = ''] = path.split('/')
    const base = await baseOf(Number(major))
    const { certificateAuthority, directory } = base
    const shared = { certificateAuthority, base: { major: base.major, directory } }
    if (name === 'base') return { port: 0, ...shared }
    const { port } = await remember(clusters, `${major}/${name}`, () => startCluster(base))
    return { port, ...shared }
  }
  const server = http.createServer((request, response) => {
    answer(request.url ?? '').then(
      found => response.end(JSON.stringify(found)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  project.provide('serversPort', address !== null && typeof address === 'object' ? address.port : 0)
  return async () => {
    server.close()
    await Promise.allSettled([...clusters.values()].map(async cluster => (await cluster).stop()))
    await Promise.allSettled([...bases.values()].map(async base => (await base).remove()))
  }
}

function remember<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = known.get(key) ?? make()
  known.set(key, found)
  return found
}
