/** `sallyport policy explain`: why this statement of that subject is allowed or refused. Nothing is run. */
import { readFile } from 'node:fs/promises'
import type { CompiledPolicy } from '@sallyport/proxy/policy/compiled.ts'
import type { Identity } from '@sallyport/proxy/policy/identity.ts'
import { judgeText } from '@sallyport/proxy/policy/judge-text.ts'
import { chooseRole, type Selection, selectPolicies } from '@sallyport/proxy/policy/select.ts'
import type { Catalog } from '@sallyport/proxy/sql/catalog.ts'
import { parse as parseYaml } from 'yaml'
import { type Format, type Print, printItems } from './output.ts'
import { catalogFrom, liveCatalog } from './policy/catalog.ts'
import { drawExplanation } from './policy/draw-explanation.ts'
import { type Explanation, explain } from './policy/explain.ts'
import { openParse } from './policy/parse.ts'
import { loadPolicies, type Policies } from './policy/policies.ts'
import { UsageError } from './usage.ts'

export interface PolicyExplainOptions {
  readonly manifests: string
  readonly as: string
  readonly groups: readonly string[]
  readonly claims: Readonly<Record<string, unknown>>
  readonly database: string
  readonly gateway?: string
  readonly role?: string
  readonly searchPath: string
  /** A YAML file with a catalog, or with a policy test that has one; without it the database is asked. */
  readonly catalog?: string
  readonly output: Format
  readonly print?: Print
}

/** 0: allowed; 1: not. */
export async function policyExplain(sql: string, options: PolicyExplainOptions): Promise<0 | 1> {
  const print = options.print ?? console.log
  const explanation = await explanationOf(sql, options)
  if (options.output === 'table') for (const line of drawExplanation(explanation)) print(line)
  else printItems([explanation], options.output, print)
  return explanation.verdict === 'Allow' ? 0 : 1
}

async function explanationOf(sql: string, options: PolicyExplainOptions): Promise<Explanation> {
  const loaded = await loadPolicies(options.manifests)
  const gateway = gatewayOf(loaded, options.gateway)
  const { as: username, groups, database } = options
  const head = { subject: { username, groups }, gateway, database }
  const [namespace = '', name = ''] = gateway.split('/')
  const session = { application: '', client: '', now: Date.now(), inTransaction: false }
  const about = { gateway: { namespace, name }, identity: identityOf(options), database, login: session }
  const selected = selectPolicies({ policies: loaded.policies, broken: loaded.snapshot.broken, ...about })
  if ('reason' in selected) return { ...head, policies: [], ...refused(selected.reason) }
  const policies = selected.selection.policies.map(({ key }) => key)
  const chosen = chooseRole(selected.selection, options.role ?? username)
  if ('reason' in chosen) return { ...head, policies, ...refused(chosen.reason) }
  const catalog = await catalogOf(options, loaded, gateway, chosen.role)
  const input = { selection: selected.selection, role: chosen.role, session, catalog, searchPath: options.searchPath }
  return { ...head, role: chosen.role, policies, ...judged(sql, { ...input, parse: await openParse() }) }
}

function judged(
  text: string,
  input: Omit<Parameters<typeof judgeText>[0], 'text'>,
): Pick<Explanation, 'verdict' | 'refusal' | 'statements' | 'rewritten'> {
  const result = judgeText({ text, ...input })
  if ('refusal' in result) {
    const { code, sqlState, message, hint } = result.refusal
    return refused({ code: code ?? sqlState, text: message, ...(hint === undefined ? {} : { hint }) })
  }
  const { selection, role, session, catalog } = input
  const question = {
    selection,
    policies: deciding(selection),
    role,
    session,
    server: catalog.server,
    limits: selection.limits,
  }
  const statements = result.statements.map(each => explain(each, question))
  const strictest =
    statements.find(({ verdict }) => verdict === 'Deny') ?? statements.find(({ verdict }) => verdict !== 'Allow')
  const verdict = strictest?.verdict ?? 'Allow'
  return { verdict, statements, ...(verdict === 'Allow' ? { rewritten: result.sent } : {}) }
}

function deciding({ enforced, audited, auditOnly }: Selection): readonly CompiledPolicy[] {
  return auditOnly ? audited : enforced
}

function refused({ code, text, hint }: { readonly code: string; readonly text: string; readonly hint?: string }) {
  return { verdict: 'Deny', refusal: { code, text, ...(hint === undefined ? {} : { hint }) }, statements: [] } as const
}

function identityOf({ as: username, groups, claims }: PolicyExplainOptions): Identity {
  return { issuer: '', subject: username, username, groups, claims, expiresAt: Number.MAX_SAFE_INTEGER }
}

function gatewayOf({ snapshot }: Policies, wanted: string | undefined): string {
  const keys = [...snapshot.gateways.keys()]
  if (wanted !== undefined && keys.includes(wanted)) return wanted
  const [only, ...others] = keys
  if (wanted !== undefined || only === undefined)
    throw new UsageError(`no DatabaseGateway ${wanted ?? ''} in the manifests; there is: ${keys.join(', ') || 'none'}`)
  if (others.length > 0) throw new UsageError(`several gateways: say which with --gateway: ${keys.join(', ')}`)
  return only
}

async function catalogOf(
  { catalog, database }: PolicyExplainOptions,
  { snapshot }: Policies,
  key: string,
  role: string,
): Promise<Catalog> {
  if (catalog !== undefined) return catalogFrom(await description(catalog), database, catalog)
  const gateway = snapshot.gateways.get(key)
  if (gateway === undefined) throw new UsageError(`no DatabaseGateway ${key}`)
  return liveCatalog(gateway, snapshot, database, role)
}

/** The file may be a policy test: then the catalog is a field of it. */
async function description(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UsageError(`${file} cannot be read`)
  })
  const value: unknown = parseYaml(text)
  return typeof value === 'object' && value !== null && 'catalog' in value ? value.catalog : value
}
