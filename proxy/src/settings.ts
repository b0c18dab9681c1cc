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
  /** entries. One for each set of certificates towards databases; a rotation leaves an old one behind for a while. */
  maxSecureContexts: 32,
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
  maxVerifiedTokens: 2_000,
  /** bytes. A longer token is verified at each login, so that remembered claims stay within some tens of megabytes. */
  maxVerifiedTokenBytes: 8_192,
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
  /** instructions of a compiled RE2 pattern: matching takes this times the length of the text, at worst (ADR 0003: 50 ms for 64 kB). */
  maxPatternSize: 400,
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
  /** bytes of one manifest file: what Kubernetes takes as one object, and a fraction of a second to parse. */
  maxManifestBytes: 1_048_576,
  /** files of a folder of manifests; each is looked at once a second. */
  maxManifestFiles: 10_000,
  /** levels of folders below the folder of manifests: a link to a parent must not lead round and round. */
  maxManifestFolders: 8,
  /** uses of YAML aliases in a document, each counted with what it repeats: a billion laughs ends here. */
  maxManifestAliases: 100,
  /** milliseconds between two looks at the files; the net under fs.watch. With the quiet time it stays under two seconds. */
  manifestPollMs: 1_000,
  /** milliseconds that files must stay the same before they are read: an editor may be half-way. */
  manifestQuietMs: 100,
  /** milliseconds of reading manifests at a stretch; then sessions have their turn. */
  maxManifestStretchMs: 8,
  /** milliseconds that are waited for files that will not rest; then they are read as they are, and what is half-written keeps its last good. */
  maxManifestUnrestMs: 700,
  /** milliseconds without a look at the database after which the catalog counts as stale. */
  catalogStaleMs: 10_000,
  /** milliseconds for one look at the database: a first one of 20,000 relations takes some seconds. */
  catalogReadTimeoutMs: 60_000,
  /** milliseconds. The first pause before the catalog connects again; it doubles. */
  catalogReconnectMs: 100,
  /** milliseconds. The longest pause before the catalog connects again. */
  catalogMaxReconnectMs: 5_000,
  /** multiple of the time that a look without a find took, until the next: a slow server gives a tenth of its time at most. */
  catalogRest: 10,
  /** multiple of the usual pause: how much longer a slow server may make it. */
  catalogMaxRest: 5,
  /** relations whose columns are looked at each time, the latest used; those of all others follow in turn. */
  maxCatalogUsed: 2_000,
  /** milliseconds that relations stay unknown when nobody says how the DDL over them ended. */
  catalogUnknownMs: 30_000,
  /** bytes. Pieces of one write up to here are copied together: one system call costs more than the copy. */
  maxCopiedWriteBytes: 65_536,
  /** milliseconds that a closed socket may take to send what it still has. */
  closeGraceMs: 5_000,
  /** milliseconds between two looks at each session's clocks (timeouts, token ends). */
  sessionTickMs: 250,
  /** bytes. All that is handed on in the upstream startup options; beyond, the login is refused (DESIGN §4). */
  maxHandOnBytes: 8_192,
  /** databases of one gateway whose catalogs are kept at a time. */
  maxCatalogs: 64,
  /** milliseconds without a session after which a database's catalog is closed. */
  idleCatalogMs: 600_000,
  /** entries. Trees' facts by text. */
  maxAnalyses: 2_000,
  /** entries. Judgements by text, names and policies. */
  maxJudgements: 4_000,
  /** bytes of statement text in each of the two caches above. */
  maxCachedTextBytes: 8_388_608,
  /** connections that are not logged in yet, beside `maxSessions`: a flood of half-open logins ends here. */
  maxPendingLogins: 1_000,
  /** milliseconds. TCP keepalive towards the client. */
  clientKeepAliveMs: 60_000,
  /** milliseconds between two looks at each database's catalogs: a view replaced elsewhere shows in no answer. */
  catalogPollMs: 1_000,
  /** milliseconds for a connection to the database, its login included. */
  upstreamConnectTimeoutMs: 10_000,
  /** fields of one ErrorResponse or NoticeResponse. PostgreSQL knows 18 letters; thousands are a server that wants our CPU. */
  maxErrorFields: 256,
  /** mechanisms in one AuthenticationSASL. PostgreSQL offers three at most. */
  maxMechanisms: 64,
  /** bytes. A longer message is a line with its length in a printed conversation. */
  maxPrintedMessageBytes: 1_048_576,
  /** ways in which the statements of one text may have gone; each later statement is resolved in every one. */
  maxNameWorlds: 8,
  /** entries of FROM that the columns of one statement are compared with: some ten milliseconds. */
  maxColumnLookups: 200_000,
  /** UTF-16 units that stars of one statement may become when they are written as lists; a list is up to 2 kB. */
  maxExpandedLength: 65_536,
  /** accesses behind the relations of one statement, or one text of several: partitions, tables under views, cascades. */
  maxBehind: 50_000,
  /** different functions, operators and casts that one statement calls, by name and number of arguments: some ten milliseconds. */
  maxDistinctCalls: 1_500,
  /** statements in one message: their names are looked up and judged in one go, some 50 µs each. */
  maxStatementsOfText: 500,
  /** milliseconds between two looks for the end of another session's DDL. */
  catalogUnknownPauseMs: 20,
  /** milliseconds that one session may work at a stretch; then the others have their turn. A statement of theirs waits for two such turns. */
  maxTurnMs: 4,
  /** milliseconds of work that are not worth counting. */
  minTurnMs: 0.5,
  /** bytes of a client that are taken at once: what one read of a socket gives. */
  maxSliceBytes: 65_536,
  /** bytes of a client that are taken at once where its bytes are dear. */
  minSliceBytes: 1_024,
  /** messages of a unit. Beyond, its judged prefix goes on, as beyond `maxUnitBytes`: examining a message takes some 5 µs. */
  maxUnitMessages: 500,
  /** messages of a client that a session takes at once; then the others have their turn. */
  maxItemsAtOnce: 250,
  /** questions of one unit that are answered in one go. */
  maxAsksAtOnce: 4,
  /** bytes that a session's socket to the database reads at a time while little comes: what each session at rest holds. */
  minReadBytes: 4_096,
  /** bytes that it reads at a time while much comes. */
  maxReadBytes: 65_536,
  /** buffers of that size that it keeps for its next reads: one is read into while a slow client has the others. */
  maxSpareReads: 2,
} as const
