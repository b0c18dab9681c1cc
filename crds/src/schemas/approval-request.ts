/** The schema of ApprovalRequest: made by a proxy, decided by people, consumed once by a proxy. */
import { choice, count, duration, list, map, object, type Schema, text } from './build.ts'
import { conditions, identifier, objectName } from './common.ts'
import type { Kind } from './kind.ts'
import { rules } from './rules.ts'

const date = (description: string): Schema => text(description, 64, { format: 'date-time' })
const said = (description: string, maxLength: number): Schema => ({ type: 'string', description, maxLength })
const digest = (description: string): Schema => text(description, 128, { pattern: '^[-_+/=:A-Za-z0-9]+$' })
const scope = choice('Statement: this very statement, once. Rule: what the rule covers, for grantFor.', [
  'Statement',
  'Rule',
])

const policyRef = object(
  'PolicyRef',
  'A rule that asks for approval.',
  {
    name: objectName('The AccessPolicy.'),
    rule: text('Its rule.', 63),
    digest: digest("Of the policy's spec: what binds."),
    approvals: count('How many different people it wants.', 1, 16),
  },
  { required: ['name', 'rule', 'digest', 'approvals'] },
)

const requester = object(
  'Requester',
  'Who asks.',
  {
    issuer: text('Issuer of the token.', 2048),
    subject: text('Its subject.', 1024),
    username: text('The mapped user name.', 1024),
    groups: list('The mapped groups.', text('A group.', 512), 256),
    actor: text('The human behind the agent, where the token says so.', 1024),
    kubernetesUsername: text('Who that is to the API server; must not approve.', 1024),
  },
  { required: ['issuer', 'subject', 'username'] },
)

const session = object(
  'RequestSession',
  'From where.',
  {
    id: text('The session.', 128),
    client: text('Address of the client.', 256),
    application: said('Its application_name.', 256),
  },
  { required: ['id'] },
)

const parameter = object('Parameter', 'One parameter, as far as the policy shows it.', {
  type: text('Its type.', 256),
  format: choice('How it was sent.', ['Text', 'Binary']),
  value: said('Its value; absent where it is not shown, or NULL.', 1024),
  isNull: { type: 'boolean', description: 'It is NULL.' },
})

const statement = object(
  'RequestedStatement',
  'What is to run.',
  {
    text: said('The text, capped, credentials struck.', 65536),
    parameters: list('Its parameters.', parameter, 256),
    digest: digest('HMAC of the whole text.'),
    parametersDigest: digest('HMAC of all values and formats.'),
    kinds: list('Its kinds.', text('A kind.', 63), 64),
    tables: list('What it touches.', text('A relation.', 200), 256),
    summary: said('What it would do, in one sentence.', 1024),
  },
  { required: ['text', 'digest', 'parametersDigest'] },
)

const spec = object(
  'ApprovalRequestSpec',
  'What is asked. Never changes.',
  {
    gatewayRef: object('GatewayRef', 'The gateway.', { name: objectName('Its name.') }, { required: ['name'] }),
    policyRefs: list('Every rule that asks; all must be content.', policyRef, 32, { minItems: 1 }),
    requester,
    session,
    database: identifier('The database.'),
    role: identifier('The PostgreSQL role.'),
    searchPath: list('The effective search_path.', text('A schema.', 63), 64),
    scope,
    grantFor: duration('With scope Rule: for how long.'),
    statement,
    reason: said("The agent's own words. Untrusted.", 1024),
    expiresAt: date('When the request ends by itself.'),
  },
  {
    required: [
      'gatewayRef',
      'policyRefs',
      'requester',
      'session',
      'database',
      'role',
      'searchPath',
      'scope',
      'statement',
      'expiresAt',
    ],
    rules: [rules.immutable, rules.grantForWithScopeRule],
  },
)

const decision = object(
  'ApprovalDecision',
  'What one person said.',
  { verdict: choice('Yes or no. One Denied ends the request.', ['Approved', 'Denied']), reason: said('Why.', 1024) },
  { required: ['verdict'] },
)

const execution = object('Execution', 'What came of it.', {
  startedAt: date('When it began.'),
  finishedAt: date('When it ended.'),
  outcome: choice('How. Unknown: the proxy died between the two; it is never run again.', [
    'Succeeded',
    'Failed',
    'Unknown',
  ]),
  rows: count('Rows.', 0, Number.MAX_SAFE_INTEGER),
  sqlState: text('SQLSTATE of the failure.', 5, { pattern: '^[0-9A-Z]{5}$' }),
  session: text('The session that ran it.', 128),
})

const status = object('ApprovalRequestStatus', 'What is so.', {
  decisions: map('What people said, by user name.', decision, 64),
  attempts: count('How often the same statement was asked.', 0, 1000000000),
  grant: object('Grant', 'With scope Rule: open until then.', { until: date('Until when.') }, { required: ['until'] }),
  execution,
  conditions: conditions('Approved, Denied, Consumed, Expired'),
})

export const approvalRequest: Kind = {
  kind: 'ApprovalRequest',
  plural: 'approvalrequests',
  singular: 'approvalrequest',
  shortNames: ['apr'],
  description: 'A statement that waits for people. Made by a proxy, decided by people, consumed once by a proxy.',
  spec,
  status,
  columns: [
    { name: 'Gateway', type: 'string', jsonPath: '.spec.gatewayRef.name' },
    { name: 'Requester', type: 'string', jsonPath: '.spec.requester.username' },
    { name: 'Database', type: 'string', jsonPath: '.spec.database' },
    { name: 'Summary', type: 'string', jsonPath: '.spec.statement.summary' },
    { name: 'Approved', type: 'string', jsonPath: '.status.conditions[?(@.type=="Approved")].status' },
    { name: 'Denied', type: 'string', jsonPath: '.status.conditions[?(@.type=="Denied")].status' },
    { name: 'Consumed', type: 'string', jsonPath: '.status.conditions[?(@.type=="Consumed")].status' },
    { name: 'Expires', type: 'date', jsonPath: '.spec.expiresAt' },
    { name: 'Reason', type: 'string', jsonPath: '.spec.reason', priority: 1 },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
  selectableFields: ['.spec.gatewayRef.name'],
}
