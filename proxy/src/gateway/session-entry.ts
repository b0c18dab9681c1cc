/** One live session, as the gateway knows it: what may be told to it, and what its verdicts rest on now. */
import type { CatalogWatch } from '../catalog/watch.ts'
import type { Identity } from '../policy/identity.ts'
import type { SessionFacts } from '../policy/question.ts'
import type { Selection } from '../policy/select.ts'
import type { RelationName } from '../session/definitions.ts'
import type { Refusal } from '../session/refusal.ts'
import type { CancelKey } from './cancel-keys.ts'
import type { Conversation } from './conversation.ts'
import type { Subject } from './judge.ts'

export type SessionEntryFields = Pick<
  SessionEntry,
  'identity' | 'role' | 'database' | 'application' | 'client' | 'catalog' | 'key' | 'selection' | 'policyEpoch'
>

export class SessionEntry implements Subject {
  readonly identity: Identity
  readonly role: string
  readonly database: string
  readonly application: string
  readonly client: string
  readonly catalog: CatalogWatch
  readonly key: CancelKey
  selection: Selection | Refusal
  policyEpoch: number
  conversation: Conversation | undefined
  #settle: (() => void)[] = []

  constructor(fields: SessionEntryFields) {
    this.identity = fields.identity
    this.role = fields.role
    this.database = fields.database
    this.application = fields.application
    this.client = fields.client
    this.catalog = fields.catalog
    this.key = fields.key
    this.selection = fields.selection
    this.policyEpoch = fields.policyEpoch
  }

  facts(): SessionFacts {
    return {
      application: this.application,
      client: this.client,
      now: Date.now(),
      inTransaction: this.conversation?.isInTransaction ?? false,
    }
  }

  /** DDL of this session is about to be sent. */
  definitionsChanging(relations: readonly RelationName[] | undefined): void {
    this.#settle.push(this.catalog.markUnknown(relations))
  }

  /** Its transaction is over: what it changed is read before anybody relies on it. */
  definitionsSettled(): void {
    for (const settle of this.#settle) settle()
    this.#settle = []
    this.catalog.refresh().catch(() => undefined)
  }

  /** Its own DDL does not make it wait: it asks its own connection. */
  get changesDefinitions(): boolean {
    return this.#settle.length > 0
  }

  /** From the next statement on. */
  policiesChanged(selection: Selection | Refusal, policyEpoch: number): void {
    this.selection = selection
    this.policyEpoch = policyEpoch
    this.#tellEpoch()
  }

  catalogChanged(): void {
    this.#tellEpoch()
  }

  #tellEpoch(): void {
    this.conversation?.tell({
      is: 'changed',
      epoch: { policy: this.policyEpoch, catalog: this.catalog.current()?.version ?? 0 },
    })
  }
}
