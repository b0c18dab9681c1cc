/** Metrics of one process, in Prometheus' words. Labels are bounded: no user names, no statements. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

export interface Metrics {
  readonly registry: Registry
  readonly sessions: Gauge<'gateway'>
  readonly logins: Counter<'gateway' | 'outcome' | 'code'>
  readonly statements: Counter<'gateway' | 'verdict' | 'code'>
  readonly policyRevision: Gauge<'gateway' | 'revision'>
  readonly manifestProblems: Gauge<'severity'>
  readonly sessionSeconds: Histogram<'gateway'>
  readonly catalogFailures: Counter<'gateway'>
  readonly bugs: Counter<'where'>
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  return {
    registry,
    sessions: new Gauge({
      name: 'sallyport_sessions',
      help: 'Sessions at the moment.',
      labelNames: ['gateway'],
      registers,
    }),
    logins: new Counter({
      name: 'sallyport_logins_total',
      help: 'Logins, by outcome and reason code.',
      labelNames: ['gateway', 'outcome', 'code'],
      registers,
    }),
    statements: new Counter({
      name: 'sallyport_statements_total',
      help: 'Statements sent on or refused, by verdict and reason code.',
      labelNames: ['gateway', 'verdict', 'code'],
      registers,
    }),
    policyRevision: new Gauge({
      name: 'sallyport_policy_revision',
      help: '1 for the revision in force.',
      labelNames: ['gateway', 'revision'],
      registers,
    }),
    manifestProblems: new Gauge({
      name: 'sallyport_manifest_problems',
      help: 'Problems of the manifests as they are now.',
      labelNames: ['severity'],
      registers,
    }),
    sessionSeconds: new Histogram({
      name: 'sallyport_session_seconds',
      help: 'How long sessions lasted.',
      labelNames: ['gateway'],
      buckets: [0.1, 1, 10, 60, 600, 3600],
      registers,
    }),
    catalogFailures: new Counter({
      name: 'sallyport_catalog_failures_total',
      help: 'Times that a database’s catalog could not be read.',
      labelNames: ['gateway'],
      registers,
    }),
    bugs: new Counter({
      name: 'sallyport_bug_total',
      help: 'States that the code must make impossible. Anything but 0 wants a report.',
      labelNames: ['where'],
      registers,
    }),
  }
}
