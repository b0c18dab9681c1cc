/** What a kind is, beyond the schemas of its spec and status: names, columns, the limits on its own name. */
import type { Schema } from './build.ts'

export const apiVersion = 'sallyport.dev/v1alpha1'

export interface Kind {
  readonly kind: 'DatabaseGateway' | 'AccessPolicy' | 'ApprovalRequest'
  readonly plural: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly description: string
  readonly name?: { readonly maxLength: number; readonly pattern: string }
  readonly spec: Schema
  readonly status: Schema
  readonly columns: readonly PrinterColumn[]
  /** Fields that `kubectl get --field-selector` and watches may select by. */
  readonly selectableFields?: readonly string[]
}

interface PrinterColumn {
  readonly name: string
  readonly type: 'string' | 'integer' | 'boolean' | 'date'
  readonly jsonPath: string
  /** 0 is always shown, 1 with `-o wide`. */
  readonly priority?: number
}
