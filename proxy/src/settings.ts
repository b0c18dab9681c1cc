/** Every limit of the proxy that is not a field of a resource: its unit, its value, and its reason. */
export const settings = {
  /** bytes. PostgreSQL's own limit for a startup packet (MAX_STARTUP_PACKET_LENGTH). */
  maxStartupPacketBytes: 10_000,
  /** bytes. Tokens with many groups are long. */
  maxPasswordBytes: 65_536,
  /** bytes of UTF-8. What the parser is given at most (parser notes: guards). */
  maxStatementBytes: 65_536,
  /** rounds. PBKDF2 of a million rounds takes under a second; PostgreSQL's default is 4096. More is a peer that wants our CPU. */
  maxScramIterations: 1_000_000,
  /** entries of 64 bytes. One for each role, password and server; beyond, the least recently used is derived again. */
  maxScramKeys: 1_000,
  /** bytes. All that a server may send before ReadyForQuery of a login: parameters, notices, an error. */
  maxLoginAnswerBytes: 1_048_576,
  /** bytes. One answer to a query of our own (catalog, health checks). */
  maxQueryResultBytes: 67_108_864,
  /** milliseconds. TCP keepalive towards the database: finds half-open peers behind NAT and load balancers. */
  upstreamKeepAliveMs: 30_000,
  /** bytes. A JWKS or discovery document; real ones have a few kilobytes. */
  maxIssuerDocumentBytes: 524_288,
  /** milliseconds. One request to an identity provider; a login that waits for it must stay within its own time. */
  issuerRequestTimeoutMs: 5_000,
  /** keys of one issuer. Real sets have two to ten. */
  maxIssuerKeys: 100,
  /** milliseconds between two requests for an issuer's keys, whatever tokens ask for: unknown `kid`s must not become a flood. */
  issuerCooldownMs: 10_000,
  /** milliseconds. Keys are asked for again in the background, so that a withdrawn one leaves. */
  issuerRefreshMs: 300_000,
  /** entries. Verified tokens remembered by hash, so that a reconnect costs no signature check. */
  maxVerifiedTokens: 10_000,
  /** characters. A username or group name; it is sent in startup options and written in every audit event. */
  maxNameLength: 1_024,
  /** groups of one token. */
  maxGroups: 2_000,
  /** bytes. What of a message over the limit is there at once: enough for the two names of a Bind (63 bytes each in practice). */
  messageHeadBytes: 4_096,
  /** bytes. The first room for a message that spans chunks; it doubles as bytes come, so a promised length costs nothing. */
  messageGrowthBytes: 16_384,
  /** characters. A CEL expression; one that is longer wants to be a rule or two. */
  maxCelSourceLength: 4_096,
  /** nodes of a CEL expression's tree. */
  maxCelNodes: 500,
  /** levels of a CEL expression's tree: its checker and evaluator are recursive. */
  maxCelDepth: 50,
  /** units of one evaluation: a node costs one, text and lists by their length. Some milliseconds at most. */
  maxCelCost: 50_000,
  /** characters of an RE2 pattern. */
  maxPatternLength: 1_000,
  /** instructions of a compiled RE2 pattern: matching takes this times the length of the text, at worst. */
  maxPatternSize: 2_000,
  /** comment openings in a statement: lexing nested comments is quadratic, here as in the server. */
  maxCommentOpenings: 64,
  /** characters in a run of `+` and `-`: lexing such operators is quadratic, here as in the server. */
  maxSignRun: 63,
  /** characters. Up to here a statement is parsed where it arrives; the stack bears the deepest that fits (measured). */
  maxInlineStatementLength: 3_072,
  /** levels of the parse tree that facts are read from; the deepest short text stays below. */
  maxTreeDepth: 10_000,
  /** entries of all scopes of a statement: a chain of joins copies its entries at each step. */
  maxScopeItems: 100_000,
  /** milliseconds until a parser worker that does not answer is ended (slowest of 2.5 million mutants: 46 ms). */
  parseTimeoutMs: 2_000,
  /** statements that may wait for the parser worker; beyond, they are refused. */
  maxQueuedParses: 256,
  /** milliseconds without long statements after which the worker ends: it holds some 30 MB. */
  idleParserMs: 30_000,
  /** MB of stack for the parser worker: deep chains are left-recursive in the parser. */
  parserStackMb: 8,
  /** bytes. What a session may set `work_mem` and `temp_buffers` to: a plan may take it once a node and worker. */
  maxWorkMemBytes: 67_108_864,
  /** bytes. What a session may set `maintenance_work_mem` to: building an index takes it once. */
  maxMaintenanceWorkMemBytes: 268_435_456,
  /** processes. What a session may set the numbers of parallel workers to; the server's own pool bounds it besides. */
  maxParallelWorkers: 8,
} as const
