/** `spec.limits` and `spec.listener` in the units of their names. */
import type { DatabaseGateway } from '@sallyport/crds/types.generated.ts'
import { durationMs, quantityBytes } from '@sallyport/crds/units.ts'
import type { SessionLimits } from '../session/session.ts'

export interface GatewayNumbers {
  readonly session: SessionLimits
  readonly maxSessions: number
  readonly maxSessionsPerSubject: number
  readonly loginTimeoutMs: number
  readonly drainTimeoutMs: number
  readonly maxMessageBytes: number
  readonly maxQueuedBytes: number
  readonly maxStatementBytes: number
}

export function numbersOf(gateway: DatabaseGateway): GatewayNumbers {
  const { limits } = gateway.spec
  return {
    session: {
      maxUnitBytes: quantityBytes(limits.maxUnitBytes),
      maxPreparedStatements: limits.maxPreparedStatements,
      maxPortals: limits.maxPortals,
      maxPipelineDepth: limits.maxPipelineDepth,
      idleTimeoutMs: durationMs(limits.idleTimeout),
      idleInTransactionTimeoutMs: durationMs(limits.idleInTransactionTimeout),
      tokenGraceMs: durationMs(limits.tokenGrace),
    },
    maxSessions: limits.maxSessions,
    maxSessionsPerSubject: limits.maxSessionsPerSubject,
    loginTimeoutMs: durationMs(limits.loginTimeout),
    drainTimeoutMs: durationMs(limits.drainTimeout),
    maxMessageBytes: quantityBytes(limits.maxMessageBytes),
    maxQueuedBytes: quantityBytes(limits.maxQueuedBytes),
    maxStatementBytes: quantityBytes(limits.maxStatementBytes),
  }
}
