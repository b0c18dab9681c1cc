/** Every limit of the proxy that is not a field of a resource: its unit, its value, and its reason. */
export const settings = {
  /** bytes. PostgreSQL's own limit for a startup packet (MAX_STARTUP_PACKET_LENGTH). */
  maxStartupPacketBytes: 10_000,
  /** bytes. Tokens with many groups are long. */
  maxPasswordBytes: 65_536,
  /** bytes of UTF-8. What the parser is given at most (parser notes: guards). */
  maxStatementBytes: 65_536,
} as const
