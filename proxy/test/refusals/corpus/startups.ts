import { encodeQuery } from '../../../src/wire/frontend.ts'
import type { RawClient } from '../../raw-client.ts'
import type { Attack } from '../attack.ts'
import type { Stage } from '../stage.ts'
import { send } from '../talk.ts'

/** Logins that ask for more than their own. `I am` is said by a view that shows the session. */
function logins(
  table: Readonly<Record<string, readonly [parameters: Readonly<Record<string, string>>, says: RegExp]>>,
): readonly Attack[] {
  return Object.entries(table).map(([name, [parameters, says]]) => ({
    name: `startup: ${name}`,
    effect: 'told' as const,
    sql: [],
    says,
    play: async (_: RawClient, stage: Stage) => {
      const client = await stage.connect({ parameters })
      await send(client, encodeQuery(`SELECT 'I am ' || seen FROM public.probe`))
      return client
    },
  }))
}

export const startups = logins({
  'role in options': [{ options: '-c role=postgres' }, /I am postgres/],
  'role in options without a space': [{ options: '-crole=postgres' }, /I am postgres/],
  'role as a long option': [{ options: '--role=postgres' }, /I am postgres/],
  'role in capitals': [{ options: '-c ROLE=postgres' }, /I am postgres/],
  'role behind a tab': [{ options: '\t-c\t\trole=postgres' }, /I am postgres/],
  'role with backslashes': [{ options: '-c r\\ol\\e=post\\gres' }, /I am postgres/],
  'role twice': [{ options: '-c role=none -c role=postgres' }, /I am postgres/],
  'role as a parameter': [{ role: 'postgres' }, /I am postgres/],
  'role as a parameter in capitals': [{ ROLE: 'postgres' }, /I am postgres/],
  'claims in options': [{ options: '-c request.jwt.claims={"sub":"admin"}' }, /admin/],
  'claims as a long option': [{ options: '--request.jwt.claims={"sub":"admin"}' }, /admin/],
  'claims in capitals': [{ options: '-c REQUEST.JWT.CLAIMS=admin' }, /admin/],
  'claims as a parameter': [{ 'request.jwt.claims': 'admin' }, /admin/],
  'a username in options': [{ options: '-c sallyport.username=admin' }, /admin/],
  'a username as a parameter': [{ 'sallyport.username': 'admin' }, /admin/],
  'groups as a long option': [{ options: '--sallyport.groups=admin' }, /admin/],
  'a username behind a line end': [{ options: '-c\nsallyport.username=admin' }, /admin/],
  'a username inside application_name': [
    { application_name: 'x -c sallyport.username=forged', options: '-c sallyport.username=forged' },
    /-?forged/,
  ],
  'a tenant': [{ options: '-c app.tenant_id=tenant-2' }, /tenant-2/],
  standard_conforming_strings: [{ options: '-c standard_conforming_strings=off' }, /standard_conforming_strings=off/],
  'standard_conforming_strings as a parameter': [
    { standard_conforming_strings: 'off' },
    /standard_conforming_strings=off/,
  ],
  'standard-conforming-strings': [{ options: '--standard-conforming-strings=off' }, /standard_conforming_strings=off/],
  client_encoding: [{ client_encoding: 'SJIS' }, /client_encoding=SJIS/],
  'client_encoding in options': [{ options: '-c client_encoding=GBK' }, /client_encoding=GBK/],
  session_replication_role: [{ options: '-c session_replication_role=replica' }, /session_replication_role=replica/],
  row_security: [{ row_security: 'off' }, /row_security=off/],
  client_min_messages: [{ options: '-c client_min_messages=debug5' }, /client_min_messages=debug5/],
  log_statement: [{ options: '-c log_statement=all' }, /log_statement=all/],
  'the switch -O': [{ options: '-O' }, /allow_system_table_mods=on/],
  'the switch -S': [{ options: '-S 12345' }, /work_mem=12345/],
  'the switch -f': [{ options: '-fs' }, /enable_seqscan=off/],
  'the switch -d': [{ options: '-d 5' }, /log_min_messages=debug5|client_min_messages=debug5/],
  'the switch -P': [{ options: '-P' }, /ignore_system_indexes=on/],
  'replication=database': [{ replication: 'database' }, /I am/],
})
