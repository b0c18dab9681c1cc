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

export declare const DatabaseGateway: Validator
export declare const AccessPolicy: Validator
export declare const ApprovalRequest: Validator
export declare const Secret: Validator
export declare const ConfigMap: Validator
export declare const subjects: Validator
export declare const targetRefs: Validator
