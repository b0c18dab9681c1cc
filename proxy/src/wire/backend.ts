/** Messages of a server, both ways. */
export * from './authentication.ts'
export * from './backend-decode.ts'
export * from './backend-encode.ts'
export {
  decodeErrorFields,
  type ErrorField,
  type ErrorFields,
  editErrorFields,
  errorField,
  type Severity,
} from './error-fields.ts'
