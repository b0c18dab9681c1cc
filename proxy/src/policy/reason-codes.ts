/**
 * Every reason for a no, with the SQLSTATE that the client sees (DESIGN §4). One table: types, docs
 * (`docs/reference/reasons.md`), metrics and tests are made from it. A code is an interface: it is never renamed.
 */
export interface ReasonEntry {
  readonly sqlState: string
  /** What it means and what to do, for people. */
  readonly doc: string
  /** The HINT where the one who refuses has no better one. */
  readonly hint?: string
}

const denied = '42501'
const unsupported = '0A000'
const tooLarge = '54000'
const budget = '53400'
const badToken = '28P01'
const ending = '57P01'

export const reasonCodes = {
  NoPolicy: {
    sqlState: denied,
    doc: 'No AccessPolicy selects this gateway, subject and database.',
    hint: 'An AccessPolicy whose targetRefs, subjects and databases cover this login is needed.',
  },
  PolicyBroken: {
    sqlState: denied,
    doc: 'A policy that selects this subject is not accepted and was never good: until it is mended it denies.',
    hint: 'The condition Accepted of that AccessPolicy says what is wrong; `sallyport check` does as well.',
  },
  ConditionFailed: {
    sqlState: denied,
    doc: 'The CEL of a `condition` or `when` could not be evaluated: a claim is missing, a type differs, or it costs too much.',
    hint: 'Guard claims that may be absent with has(claims.name).',
  },
  NoRole: {
    sqlState: denied,
    doc: 'The role asked for as startup user is in no policy that matches.',
  },
  RoleAmbiguous: {
    sqlState: denied,
    doc: 'The matching policies have several roles, and the startup user names none of them.',
  },
  PolicyDenied: { sqlState: denied, doc: 'A Deny rule matches.' },
  NotGranted: {
    sqlState: denied,
    doc: 'No Allow rule covers this access to this relation.',
    hint: 'Ask for an Allow rule that covers this table.',
  },
  WriteNotAllowed: {
    sqlState: denied,
    doc: 'Allow rules cover reading this relation, and the statement writes it (perhaps inside WITH).',
    hint: 'Only reading is allowed here.',
  },
  KindNotAllowed: {
    sqlState: denied,
    doc: 'No Allow rule covers statements of this kind.',
  },
  FunctionNotAllowed: {
    sqlState: denied,
    doc: 'A function, operator or cast is neither on the list of harmless ones nor allowed by a policy (`functions.allow`).',
    hint: 'A policy can allow it by name in functions.allow.',
  },
  SettingNotAllowed: {
    sqlState: denied,
    doc: 'A setting, or that value of it, is not on the list of harmless ones.',
  },
  SystemCatalogClosed: {
    sqlState: denied,
    doc: 'A system catalog or one of its columns shows more than the description of the schema.',
  },
  RuleOnRelation: {
    sqlState: denied,
    doc: 'The relation carries a rewrite rule for this command: what it would do is not seen by the policy.',
  },
  ApprovalRequired: { sqlState: denied, doc: 'A RequireApproval rule matches, and nobody has approved yet.' },
  ApprovalNotSupported: {
    sqlState: denied,
    doc: 'A RequireApproval rule matches, and this version of the gateway cannot ask for approval: it refuses.',
    hint: 'Approvals are not available yet; the policy must allow this statement, or it cannot run.',
  },
  NotUnderstood: {
    sqlState: '42601',
    doc: 'The statement cannot be parsed, or holds a construct that the gateway does not know.',
    hint: 'Write it in another way; the gateway refuses what it cannot judge.',
  },
  NotSupportedByServer: {
    sqlState: unsupported,
    doc: 'The statement uses grammar that is newer than the server behind the gateway.',
  },
  NotSupported: { sqlState: unsupported, doc: 'The gateway does not support this feature of the protocol or of SQL.' },
  RelationUnknown: { sqlState: '42P01', doc: 'The relation does not exist for this role and search_path.' },
  SetRole: {
    sqlState: denied,
    doc: 'SET ROLE and SET SESSION AUTHORIZATION are refused always: the role is the policy’s.',
    hint: 'Log in with another user name to work under another role.',
  },
  ServerFile: {
    sqlState: denied,
    doc: 'Files of the database server are refused always.',
    hint: 'Use COPY … FROM STDIN or TO STDOUT.',
  },
  ServerProgram: {
    sqlState: denied,
    doc: 'Programs on the database server are refused always.',
    hint: 'Use COPY … FROM STDIN or TO STDOUT.',
  },
  DynamicSetting: {
    sqlState: denied,
    doc: 'set_config and current_setting need the name of the setting, and its value, as literals.',
    hint: 'Write the name and value as literals, or use SET and SHOW.',
  },
  FunctionCallMessage: {
    sqlState: denied,
    doc: 'The FunctionCall message is refused always.',
    hint: 'Call the function with SELECT.',
  },
  Replication: { sqlState: denied, doc: 'Replication connections are refused always.' },
  UnknownStatement: { sqlState: '26000', doc: 'The prepared statement does not exist in this session.' },
  UnknownCursor: { sqlState: '34000', doc: 'The cursor or portal does not exist in this session.' },
  RowLimit: { sqlState: budget, doc: 'The result has more rows than `limits.maxRows`.', hint: 'Add a LIMIT.' },
  ByteLimit: {
    sqlState: budget,
    doc: 'The result has more bytes than `limits.maxResultBytes`.',
    hint: 'Select fewer columns or rows.',
  },
  RateLimit: {
    sqlState: budget,
    doc: 'More statements in a minute than `limits.statementsPerMinute`.',
    hint: 'Wait, and send fewer statements.',
  },
  SessionLimit: {
    sqlState: '53300',
    doc: 'The gateway, or this subject, has as many sessions as `limits` allows.',
    hint: 'Close a session, or use a smaller pool.',
  },
  StatementTooLarge: { sqlState: tooLarge, doc: 'The statement is longer than `limits.maxStatementBytes`.' },
  StatementTooComplex: { sqlState: '54001', doc: 'The statement nests deeper than the parser’s guards allow.' },
  MessageTooLarge: { sqlState: tooLarge, doc: 'A message is longer than `limits.maxMessageBytes`.' },
  UnitTooLarge: {
    sqlState: tooLarge,
    doc: 'What is sent up to one Sync is larger than `limits.maxUnitBytes`, and holds what must be judged whole.',
    hint: 'Send Sync more often.',
  },
  PipelineTooDeep: { sqlState: tooLarge, doc: 'More units are outstanding than `limits.maxPipelineDepth`.' },
  TooManyStatements: { sqlState: tooLarge, doc: 'More prepared statements than `limits.maxPreparedStatements`.' },
  TooManyPortals: { sqlState: tooLarge, doc: 'More portals and cursors than `limits.maxPortals`.' },
  NamesChanged: {
    sqlState: unsupported,
    doc: 'A statement prepared with SQL PREPARE names things that have come to mean others since: it must be prepared again.',
    hint: 'DEALLOCATE it and PREPARE it again.',
  },
  UpstreamViolation: {
    sqlState: '08P01',
    doc: 'The database sent what the protocol does not allow, or what nothing asked for: the session ends.',
  },
  ProtocolViolation: { sqlState: '08P01', doc: 'The client sent what the protocol does not allow here.' },
  TokenMissing: { sqlState: '28000', doc: 'No token came.', hint: 'Send the identity token as the password.' },
  TokenInvalid: { sqlState: badToken, doc: 'The token is not one that this gateway accepts.' },
  TokenExpired: { sqlState: badToken, doc: 'The token has expired.', hint: 'Get a new token and connect again.' },
  TlsRequired: { sqlState: '28000', doc: 'The gateway asks for TLS.', hint: 'Connect with sslmode=require or better.' },
  IdentityTooLarge: { sqlState: tooLarge, doc: 'What is handed on of the identity is over 8 KiB.' },
  Draining: { sqlState: ending, doc: 'The gateway shuts down.', hint: 'Connect again.' },
  Paused: { sqlState: ending, doc: 'The gateway is paused (`spec.paused`).' },
  IdleTimeout: { sqlState: ending, doc: 'The session was idle longer than `limits.idleTimeout`.' },
  IdleInTransactionTimeout: {
    sqlState: '25P03',
    doc: 'A transaction was idle longer than `limits.idleInTransactionTimeout`.',
  },
  LoginTimeout: { sqlState: '08006', doc: 'The login took longer than `limits.loginTimeout`.' },
  UpstreamUnavailable: { sqlState: '08006', doc: 'The database cannot be reached, or refuses the gateway’s login.' },
  CatalogUnavailable: {
    sqlState: '08006',
    doc: 'The database’s catalog has not been read yet: names cannot be judged.',
  },
  RecordingFailed: {
    sqlState: '58030',
    doc: 'The request could not be recorded, and the gateway says `onFailure: Deny`.',
  },
  Internal: { sqlState: 'XX000', doc: 'A bug of the gateway. It is counted, and the answer is no.' },
} as const satisfies Record<string, ReasonEntry>

export type ReasonCode = keyof typeof reasonCodes

/** The entry of a code, as the plain interface. */
export function reasonEntry(code: ReasonCode): ReasonEntry {
  return reasonCodes[code]
}
