/** The schema of AccessPolicy: what whom is allowed, refused, asked about and shown. */
import {
  choice,
  count,
  duration,
  flag,
  list,
  listBy,
  object,
  preserving,
  quantity,
  type Schema,
  text,
} from './build.ts'
import { cel, conditions, identifier, objectName, re2 } from './common.ts'
import type { Kind } from './kind.ts'
import { masks, rowFilters } from './masks.ts'
import { rules as cells } from './rules.ts'

const targetRef = object(
  'TargetRef',
  'A gateway of this namespace.',
  {
    kind: choice('What it is.', ['DatabaseGateway'], { default: 'DatabaseGateway' }),
    name: objectName('Its name.'),
  },
  { required: ['name'] },
)

const subject = object(
  'Subject',
  'Who. Names as the claim mappings of the gateway make them, prefix included.',
  {
    kind: choice('What the name means.', ['Group', 'User', 'ServiceAccount']),
    name: text('The name.', 512),
    namespace: objectName('The namespace of a ServiceAccount.'),
  },
  { required: ['kind', 'name'], rules: [cells.namespaceOfServiceAccount] },
)

const tables = (description: string): Schema => list(description, text('Tables.', 200), 256, { minItems: 1 })

const approval = object(
  'ApprovalTerms',
  'The terms of an approval.',
  {
    scope: choice(
      'Statement: this very statement, once. Rule: everything that the rule covers, for grantFor.',
      ['Statement', 'Rule'],
      { default: 'Statement' },
    ),
    timeout: duration('How long the statement is held on the live session.', { default: '60s' }),
    expiresAfter: duration('How long the request stays open.', { default: '1h' }),
    approvals: count('How many different people must approve.', 1, 16, { default: 1 }),
    showLiterals: flag('Approvers see the literals in the text.', true),
    showParameters: flag('Approvers see the values of parameters.'),
    grantFor: duration('With scope Rule: how long the rule stays open to that subject.'),
  },
  { rules: [cells.grantForWithScopeRule] },
)

const rule = object(
  'PolicyRule',
  'One rule. Deny beats RequireApproval beats Allow, and nothing matched means no.',
  {
    name: text('Its name, for reasons and requests.', 63, { pattern: '^[A-Za-z0-9]([-_.A-Za-z0-9]*[A-Za-z0-9])?$' }),
    action: choice('What happens to what it matches.', ['Allow', 'Deny', 'RequireApproval']),
    statements: list(
      'Kinds of statement or groups of them (`Read`, `Write`, `DDL` …); `*` is every kind. Omitted: all; an Allow must say.',
      text('A kind.', 63, { pattern: '^(\\*|[A-Z][A-Za-z]*)$' }),
      128,
      { minItems: 1 },
    ),
    tables: tables('Tables, as `schema.table`; `*` stands for any run of characters. Omitted: all; an Allow must say.'),
    when: cel(
      'CEL over `claims`, `statement` and `session`: the rule matches where it is true. If it cannot be evaluated the statement is refused.',
    ),
    pattern: re2("RE2 over the statement's text, in addition to facts, never instead."),
    message: text('Said in the refusal.', 512),
    approval,
    mayMoveMasks: { type: 'boolean', description: 'DDL may copy or move masked columns. Never unmasks a read.' },
  },
  {
    required: ['name', 'action'],
    rules: [cells.allowStatesBoth, cells.approvalOnlyWhereRequired, cells.denyMovesNothing],
  },
)

const limits = object('PolicyLimits', 'Budgets. Of several policies the smallest holds.', {
  maxRows: count('Rows of one statement.', 0, Number.MAX_SAFE_INTEGER),
  maxResultBytes: quantity('Bytes of the rows of one statement.'),
  statementTimeout: duration('Time of one statement.'),
  statementsPerMinute: count('Statements of one subject in a minute.', 1, 1000000),
})

const spec = object(
  'AccessPolicySpec',
  'What is wanted.',
  {
    targetRefs: list('The gateways that this policy is for.', targetRef, 16, { minItems: 1 }),
    subjects: list('Whom it is about.', subject, 128, { minItems: 1 }),
    condition: cel('CEL over `claims` and `session`, asked at login. If it cannot be evaluated the login is refused.'),
    databases: list(
      "Databases, by name; '*' is every one.",
      text('A database.', 63, { pattern: '^(\\*|[^*]+)$' }),
      128,
      { minItems: 1 },
    ),
    role: identifier(
      'The PostgreSQL role that Allow rules and functions hold for; one of the credentials of the gateway.',
    ),
    mode: choice('Enforce, or Audit: decide, record, count, let through.', ['Enforce', 'Audit'], {
      default: 'Enforce',
    }),
    rules: listBy('name', 'The rules. Their order does not matter.', rule, 128, { default: [] }),
    functions: object(
      'Functions',
      'Functions beyond the built-in ones that are known to be harmless.',
      {
        allow: list(
          'Functions, as `schema.function`; `*` stands for any run of characters.',
          text('Functions.', 200),
          256,
          { minItems: 1 },
        ),
      },
      { required: ['allow'] },
    ),
    trustedViews: list(
      'Views that use masked columns otherwise than as plain outputs, and may be read.',
      text('A view, as `schema.view`.', 200),
      128,
      { default: [] },
    ),
    masks,
    rowFilters,
    explain: choice('Over filtered relations: Reduced, or Full with costs and counts.', ['Reduced', 'Full'], {
      default: 'Reduced',
    }),
    limits,
  },
  { required: ['targetRefs', 'subjects', 'databases'], rules: [cells.allowNeedsRole] },
)

const status = object('AccessPolicyStatus', 'What is so.', {
  observedGeneration: count('The generation that the rest of the status was judged on.', 0, Number.MAX_SAFE_INTEGER),
  conditions: conditions('Accepted, Programmed'),
})

export const accessPolicy: Kind = {
  kind: 'AccessPolicy',
  plural: 'accesspolicies',
  singular: 'accesspolicy',
  shortNames: ['ap'],
  description: 'What some subjects may do through a gateway.',
  spec: preserving(spec),
  status,
  columns: [
    { name: 'Gateway', type: 'string', jsonPath: '.spec.targetRefs[*].name' },
    { name: 'Role', type: 'string', jsonPath: '.spec.role' },
    { name: 'Mode', type: 'string', jsonPath: '.spec.mode' },
    { name: 'Accepted', type: 'string', jsonPath: '.status.conditions[?(@.type=="Accepted")].status' },
    { name: 'Programmed', type: 'string', jsonPath: '.status.conditions[?(@.type=="Programmed")].status' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
}
