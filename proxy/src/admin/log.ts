/** Structured logs: one JSON object a line. What is logged carries no token, password, statement text or parameter. */
import { type Logger, pino } from 'pino'
import type { GatewayEvents } from '../gateway/events.ts'
import type { Metrics } from './metrics.ts'

export type { Logger } from 'pino'

export function createLogger(level: string): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'message' })
}

/** What a gateway says, told to the log and counted. */
export function reportTo(logger: Logger, metrics: Metrics): GatewayEvents {
  return {
    loginRefused(gateway, client, { code = 'Server', fields }) {
      metrics.logins.inc({ gateway, outcome: 'Refused', code })
      logger.warn({ gateway, client, code, sqlState: fields.sqlState, reason: fields.message }, 'login refused')
    },
    sessionStarted(session, client) {
      metrics.logins.inc({ gateway: session.gateway, outcome: 'Accepted', code: '' })
      metrics.sessions.inc({ gateway: session.gateway })
      logger.info({ ...session, client }, 'session started')
    },
    sessionEnded(session, durationMs) {
      metrics.sessions.dec({ gateway: session.gateway })
      metrics.sessionSeconds.observe({ gateway: session.gateway }, durationMs / 1000)
      logger.info({ ...session, durationMs: Math.round(durationMs) }, 'session ended')
    },
    statementsPermitted({ gateway }, count) {
      metrics.statements.inc({ gateway, verdict: 'Allow', code: '' }, count)
    },
    requestRefused(session, { code = 'Server', policy, rule, fields }) {
      metrics.statements.inc({ gateway: session.gateway, verdict: 'Deny', code })
      logger.info({ ...session, code, policy, rule, sqlState: fields.sqlState }, 'request refused')
    },
    auditDiffered(session, policy, code) {
      metrics.statements.inc({ gateway: session.gateway, verdict: 'Audit', code })
      logger.info({ ...session, policy, code }, 'an Audit policy would have refused')
    },
    catalogFailed(gateway, database, error) {
      metrics.catalogFailures.inc({ gateway })
      logger.warn({ gateway, database, reason: messageOf(error) }, 'catalog could not be read')
    },
    policiesInForce(gateway, revision, sessions) {
      metrics.policyRevision.remove({ gateway })
      metrics.policyRevision.set({ gateway, revision }, 1)
      logger.info({ gateway, revision, sessions }, 'policies in force')
    },
    bug(where, error) {
      metrics.bugs.inc({ where })
      logger.error({ where, stack: error instanceof Error ? error.stack : String(error) }, 'bug')
    },
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
