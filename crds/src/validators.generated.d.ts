/** What ajv's standalone code exports; see tools/generate-validators.ts. Each fills in defaults where it passes. */
interface Validator {
  (value: unknown): boolean
  errors?: readonly AjvError[] | null
}

export interface AjvError {
  readonly instancePath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
}

export const DatabaseGateway: Validator
export const AccessPolicy: Validator
export const ApprovalRequest: Validator
export const Secret: Validator
export const ConfigMap: Validator
export const subjects: Validator
export const targetRefs: Validator
