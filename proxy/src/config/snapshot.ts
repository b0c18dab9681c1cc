/** What the configuration is at one moment. Immutable: a changed file makes a new one. */
import type { AccessPolicy, DatabaseGateway, Subject } from '@sallyport/crds/types.generated.ts'

export interface Snapshot {
  /** sha256 over the manifests in force, Secrets and ConfigMaps left out: hex, 64 characters. */
  readonly revision: string
  /** By `namespace/name`. */
  readonly gateways: ReadonlyMap<string, DatabaseGateway>
  readonly policies: readonly PolicyInForce[]
  /** Policies that were never good: they deny. */
  readonly broken: readonly BrokenPolicy[]
  readonly problems: readonly FileProblem[]
  /** The value of a key of a Secret, now. Not a field, so that printing a snapshot prints no secret. */
  secretValue(namespace: string, name: string, key: string): string | undefined
  configMapValue(namespace: string, name: string, key: string): string | undefined
}

export interface PolicyInForce {
  readonly namespace: string
  readonly name: string
  readonly spec: AccessPolicy['spec']
  /** LastGood: what the file says now is refused, and this is what it said before. */
  readonly state: 'Good' | 'LastGood'
}

/** Denies for the subjects that it selects, and for everybody where they can't be read. */
export interface BrokenPolicy {
  readonly namespace: string
  readonly name: string
  /** `namespace/name` of the gateways that it is for. */
  readonly targets: readonly string[] | 'All'
  readonly subjects: readonly Subject[] | 'Everyone'
  /** The first thing that is wrong with it. */
  readonly problem: string
}

export interface FileProblem {
  readonly file: string
  /** From 1. */
  readonly line?: number
  /** `spec.rules[0].tables` */
  readonly path?: string
  readonly message: string
  readonly severity: 'Error' | 'Warning'
}

/** What the compiler says of a policy that fits its schema. Without an error, it is accepted. */
export type Accept = (policy: AccessPolicy) => readonly Remark[]

export interface Remark {
  readonly path: string
  readonly message: string
  /** 'Error' if absent. */
  readonly severity?: FileProblem['severity']
}
