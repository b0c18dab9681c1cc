/** Messages of a client, both ways. */
export * from './frontend-decode.ts'
export * from './frontend-encode.ts'
