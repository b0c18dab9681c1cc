/** One live session, as the gateway knows it: what may be told to it, and what its verdicts rest on now. */
import type { CatalogWatch } from '../catalog/watch.ts'
import type { Identity } from '../policy/identity.ts'
import type { SessionFacts } from '../policy/question.ts'
import type { Selection } from '../policy/select.ts'
import type { Refusal } from '../session/refusal.ts'
import type { CancelKey } from './cancel-keys.ts'
import type { Conversation } from './conversation.ts'
import type { Subject } from './judge.ts'

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

  constructor(fields: Omit<SessionEntry, 'facts' | 'conversation' | 'policiesChanged' | 'catalogChanged'>) {
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
