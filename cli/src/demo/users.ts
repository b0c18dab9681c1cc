/** Who exists in the demo: the same people and agents each time, for `make demo`, the tour and tests. */

export interface DemoUser {
  readonly name: string
  readonly groups: readonly string[]
  readonly tenant: string
  readonly env: string
  /** The person on whose behalf an agent acts: the claim `act.sub`. */
  readonly actor?: string
}

export const demoUsers: readonly DemoUser[] = [
  { name: 'alice', groups: ['ai-agents', 'analysts'], tenant: 'acme', env: 'prod', actor: 'alice@acme.example' },
  { name: 'support', groups: ['ai-agents', 'support'], tenant: 'acme', env: 'prod', actor: 'sam@acme.example' },
  { name: 'support-globex', groups: ['ai-agents', 'support'], tenant: 'globex', env: 'prod' },
  { name: 'migrator', groups: ['ai-agents', 'migrations'], tenant: 'acme', env: 'prod' },
  { name: 'ci', groups: ['ci'], tenant: 'acme', env: 'ci' },
  // Known to the provider, and in no policy: the gateway says no.
  { name: 'mallory', groups: [], tenant: 'evil', env: 'prod' },
]
