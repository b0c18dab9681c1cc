/** Cases of DDL as data: what a catalog says before and after. */
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Catalog } from '../../sql/catalog.ts'
import { type CatalogWatch, openCatalog } from '../watch.ts'
import { servers, startServer, type TestServer } from './server.ts'

export interface Case {
  readonly name: string
  readonly before?: string
  readonly ddl: string
  readonly sees: (catalog: Catalog) => unknown
  readonly was: unknown
  readonly is: unknown
}

export const columns = (catalog: Catalog, name: string) =>
  catalog.relation('public', name)?.columns.map(column => column.name)
export const namesOf = (catalog: Catalog, oids: readonly number[] = []) =>
  oids.map(oid => catalog.relationByOid(oid)?.name)

/** Runs the cases on every server there is, as a role with nothing but CONNECT. */
export function checkDdl(cases: readonly Case[]): void {
  describe.each(servers)('$bin', ({ bin }) => {
    let server: TestServer
    let admin: pg.Client
    let watch: CatalogWatch

    beforeAll(async () => {
      server = await startServer(bin)
      admin = await server.client()
      await admin.query('CREATE ROLE reader LOGIN; CREATE ROLE other; REVOKE ALL ON SCHEMA public FROM PUBLIC')
      watch = openCatalog({
        connect: () => server.connect('postgres', 'reader'),
        database: 'postgres',
        roles: ['reader', 'other'],
        pollMs: 3_600_000,
      })
      await watch.ready
    })

    afterAll(async () => {
      watch.close()
      await admin.end()
      await server.stop()
    })

    test.each(cases)('$name', async ({ before, ddl, sees, was, is }) => {
      if (before) await admin.query(before)
      const first = await watch.refresh()
      expect(sees(first)).toEqual(was)
      await admin.query(ddl)
      const second = await watch.refresh()
      expect(sees(second)).toEqual(is)
      expect(sees(first)).toEqual(was) // a catalog does not change
    })
  })
}
