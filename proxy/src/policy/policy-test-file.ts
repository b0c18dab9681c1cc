/**
 * The format of policy tests: a YAML document, checked. A misspelt field is an error here as everywhere.
 *
 *     gateway: data/orders
 *     database: shop                     # of every test that names none
 *     catalog: {relations: {public.orders: [id, tenant_id]}}   # see sql/described-catalog.ts; absent: a live database
 *     subjects:
 *       analyst: {username: "idp:alice", groups: ["idp:analysts"], claims: {tenant: acme}}
 *     tests:
 *       - name: an analyst reads orders
 *         as: analyst
 *         statement: SELECT * FROM orders
 *         expect: Allow
 *         rewritten: SELECT * FROM public.orders
 *       - {name: but writes nothing, as: analyst, statement: DELETE FROM orders, expect: Deny, reason: WriteNotAllowed}
 *
 * `role` is the startup user; `searchPath` is `"$user", public` unless told; `application`, `client`, `now` (a time in
 * UTC) and `inTransaction` are what a `when` may read of the session.
 */
import type { Verdict } from './decision.ts'
import type { Identity } from './identity.ts'
import type { SessionFacts } from './question.ts'

export interface PolicyTestFile {
  readonly gateway: { readonly namespace: string; readonly name: string }
  /** Not looked into here. */
  readonly catalog?: unknown
  readonly tests: readonly PolicyTest[]
}

export interface PolicyTest {
  readonly name: string
  readonly identity: Identity
  readonly database: string
  readonly role?: string
  readonly statement: string
  readonly searchPath: string
  readonly session: SessionFacts
  readonly expect: {
    readonly verdict: Verdict
    readonly reason?: string
    readonly policy?: string
    readonly rule?: string
    readonly rewritten?: string
  }
}

type Fields = Readonly<Record<string, unknown>>

/** Checks a parsed YAML document; every mistake is told with its place. */
export function readPolicyTests(
  value: unknown,
): { readonly file: PolicyTestFile } | { readonly problems: readonly string[] } {
  const reader = new Reader()
  const fields = reader.map(value, '', ['gateway', 'database', 'catalog', 'subjects', 'tests'])
  const [namespace = '', name = ''] = reader.text(fields, 'gateway', '').split('/')
  if (namespace === '' || name === '') reader.problem('gateway', 'write namespace/name')
  const subjects = Object.entries(reader.map(fields.subjects ?? {}, 'subjects')).map(
    ([key, of]) => [key, identityOf(of, `subjects.${key}`, reader)] as const,
  )
  const context = {
    reader,
    subjects: new Map(subjects),
    database: fields.database === undefined ? undefined : reader.text(fields, 'database', ''),
  }
  const tests = reader.list(fields.tests, 'tests').map((each, index) => testOf(each, `tests[${index}]`, context))
  if (tests.length === 0) reader.problem('tests', 'there is none')
  const catalog = fields.catalog === undefined ? {} : { catalog: fields.catalog }
  return reader.problems.length > 0
    ? { problems: reader.problems }
    : { file: { gateway: { namespace, name }, tests, ...catalog } }
}

interface Context {
  readonly reader: Reader
  readonly subjects: ReadonlyMap<string, Identity>
  readonly database: string | undefined
}

const verdicts: readonly Verdict[] = ['Allow', 'Deny', 'RequireApproval']
const expected = ['reason', 'policy', 'rule', 'rewritten'] as const
const testFields = [
  'name',
  'as',
  'database',
  'role',
  'statement',
  'searchPath',
  'application',
  'client',
  'now',
  'inTransaction',
  'expect',
  ...expected,
]

function testOf(value: unknown, path: string, { reader, subjects, database }: Context): PolicyTest {
  const fields = reader.map(value, path, testFields)
  const as = reader.text(fields, 'as', path)
  const identity = subjects.get(as)
  if (identity === undefined) reader.problem(`${path}.as`, `"${as}" is not among subjects`)
  const verdict = verdicts.find(word => word === fields.expect)
  if (verdict === undefined) reader.problem(`${path}.expect`, `one of ${verdicts.join(', ')}`)
  const statement = reader.text(fields, 'statement', path)
  const optional = (name: string) => (fields[name] === undefined ? {} : { [name]: reader.text(fields, name, path) })
  return {
    name: fields.name === undefined ? `${as}: ${statement}` : reader.text(fields, 'name', path),
    identity: identity ?? nobody,
    database:
      fields.database === undefined && database !== undefined ? database : reader.text(fields, 'database', path),
    statement,
    searchPath: fields.searchPath === undefined ? '"$user", public' : reader.text(fields, 'searchPath', path),
    session: sessionOf(fields, path, reader),
    expect: { verdict: verdict ?? 'Deny', ...Object.assign({}, ...expected.map(optional)) },
    ...optional('role'),
  }
}

function sessionOf(fields: Fields, path: string, reader: Reader): SessionFacts {
  const now = Date.parse(fields.now === undefined ? '2026-01-01T12:00:00Z' : reader.text(fields, 'now', path))
  if (Number.isNaN(now)) reader.problem(`${path}.now`, 'a time, as 2026-01-01T12:00:00Z')
  const text = (name: string) => (fields[name] === undefined ? '' : reader.text(fields, name, path))
  return { application: text('application'), client: text('client'), now, inTransaction: fields.inTransaction === true }
}

const nobody: Identity = { issuer: '', subject: '', username: '', groups: [], claims: {}, expiresAt: 0 }

function identityOf(value: unknown, path: string, reader: Reader): Identity {
  const fields = reader.map(value, path, ['username', 'groups', 'claims', 'issuer', 'serviceAccount'])
  const username = reader.text(fields, 'username', path)
  const groups = reader.list(fields.groups ?? [], `${path}.groups`).map(String)
  const issuer = fields.issuer === undefined ? 'https://issuer.test' : reader.text(fields, 'issuer', path)
  const account =
    fields.serviceAccount === undefined ? undefined : reader.text(fields, 'serviceAccount', path).split('/')
  const serviceAccount =
    account === undefined ? {} : { serviceAccount: { namespace: account[0] ?? '', name: account[1] ?? '' } }
  const claims = reader.map(fields.claims ?? {}, `${path}.claims`)
  return { issuer, subject: username, username, groups, claims, expiresAt: Number.MAX_SAFE_INTEGER, ...serviceAccount }
}

/** Reads fields and collects what is wrong. */
class Reader {
  readonly problems: string[] = []

  problem(path: string, text: string): void {
    this.problems.push(`${path}: ${text}`)
  }

  map(value: unknown, path: string, known?: readonly string[]): Fields {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.problem(path, 'a map is expected')
      return {}
    }
    for (const field of Object.keys(value))
      if (known?.includes(field) === false) this.problem(`${path}.${field}`, 'unknown field')
    return { ...value }
  }

  list(value: unknown, path: string): readonly unknown[] {
    if (Array.isArray(value)) return value
    this.problem(path, 'a list is expected')
    return []
  }

  text(fields: Fields, name: string, path: string): string {
    const value = fields[name]
    if (typeof value === 'string') return value
    this.problem(`${path}.${name}`, 'a text is expected')
    return ''
  }
}
