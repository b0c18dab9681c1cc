/** The schema of DatabaseGateway: a PostgreSQL server, who may come to it and how. */
import { count, flag, listBy, object, preserving, text } from './build.ts'
import { conditions } from './common.ts'
import { authentication, handOn } from './gateway-authentication.ts'
import { limits, listener } from './gateway-listener.ts'
import { approvals, proxy } from './gateway-proxy.ts'
import { recording } from './gateway-recording.ts'
import { upstream } from './gateway-upstream.ts'
import type { Kind } from './kind.ts'

const spec = object(
  'DatabaseGatewaySpec',
  'What is wanted.',
  {
    upstream,
    authentication,
    handOn,
    listener,
    proxy,
    recording,
    approvals,
    limits,
    paused: flag('The kill switch: true ends every session and refuses new ones.'),
  },
  { required: ['upstream', 'authentication'] },
)

const proxyStatus = object(
  'ProxyStatus',
  'One replica.',
  {
    name: text('Name of its pod.', 253),
    revision: text('The policy revision in force there.', 64),
    ready: flag('Whether it takes connections.'),
  },
  { required: ['name'] },
)

const status = object('DatabaseGatewayStatus', 'What is so.', {
  observedGeneration: count('The generation that the rest of the status was judged on.', 0, Number.MAX_SAFE_INTEGER),
  endpoint: text('Where agents connect: host and port.', 512),
  replicas: count('Replicas that exist.', 0, 100000),
  readyReplicas: count('Replicas that take connections.', 0, 100000),
  policyRevision: text('The policy revision that should be in force.', 64),
  proxies: listBy('name', 'The replicas and what is in force there.', proxyStatus, 1000),
  policies: object('PolicyCounts', 'Policies that select this gateway.', {
    accepted: count('In force as written.', 0, 100000),
    rejected: count('Refused; their last good version is in force, if there was one.', 0, 100000),
  }),
  recordingKey: text("Public key that the recordings' roots are signed with.", 1024),
  conditions: conditions('Accepted, Ready, PolicySynced, ApprovalGuardReady, RecordingHealthy'),
})

export const databaseGateway: Kind = {
  kind: 'DatabaseGateway',
  plural: 'databasegateways',
  singular: 'databasegateway',
  shortNames: ['dbgw'],
  description: 'A gateway to one PostgreSQL server, for agents that prove who they are with a token.',
  // The operator's objects are called after the gateway (`NAME-policy-0`), and a Service's name is a DNS label.
  name: { maxLength: 48, pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$' },
  spec: preserving(spec),
  status,
  columns: [
    { name: 'Upstream', type: 'string', jsonPath: '.spec.upstream.host' },
    { name: 'Endpoint', type: 'string', jsonPath: '.status.endpoint' },
    { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Replicas', type: 'integer', jsonPath: '.status.readyReplicas' },
    { name: 'Synced', type: 'string', jsonPath: '.status.conditions[?(@.type=="PolicySynced")].status' },
    { name: 'Paused', type: 'boolean', jsonPath: '.spec.paused', priority: 1 },
    { name: 'Revision', type: 'string', jsonPath: '.status.policyRevision', priority: 1 },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
}
