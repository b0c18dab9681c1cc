/** DatabaseGateway.spec.listener and limits: the first door, and how much may go through it. */
import { choice, count, duration, durationPatternOrZero, list, object, quantity, type Schema } from './build.ts'
import { objectName } from './common.ts'
import { rules } from './rules.ts'

const certManager = object(
  'CertManager',
  'cert-manager makes the certificate.',
  {
    issuerRef: object(
      'IssuerRef',
      'The cert-manager issuer.',
      {
        name: objectName('Name of the issuer.'),
        kind: choice('Issuer or ClusterIssuer.', ['Issuer', 'ClusterIssuer'], { default: 'Issuer' }),
        group: objectName('API group of the issuer.'),
      },
      { required: ['name'] },
    ),
  },
  { required: ['issuerRef'] },
)

const tls = object(
  'ListenerTls',
  'TLS to the agents. Without secretName or certManager the gateway signs a certificate itself.',
  {
    mode: choice(
      'Required: a connection in the clear is refused. Optional: it may try, but a token is taken in the clear only on loopback.',
      ['Required', 'Optional'],
      { default: 'Required' },
    ),
    secretName: objectName('Name of a Secret of type kubernetes.io/tls, with tls.crt and tls.key.'),
    certManager,
    selfSigned: object(
      'SelfSigned',
      'The gateway makes an authority and a certificate of its own, and renews them.',
      {},
    ),
  },
  { default: {}, rules: [rules.oneCertificateSource] },
)

export const listener: Schema = object(
  'Listener',
  'Where agents connect.',
  {
    port: count('TCP port.', 0, 65535, { default: 5432 }),
    oauthPort: count('A second port, where OAUTHBEARER is asked instead of the first method.', 1, 65535),
    methods: list(
      'How a token is given: as the password, or by SASL OAUTHBEARER. A connection has one: the first, or the other on oauthPort or by startup option `-c sallyport.auth=oauth`.',
      choice('A method.', ['Password', 'OAuthBearer']),
      2,
      { minItems: 1, 'x-kubernetes-list-type': 'set', default: ['Password', 'OAuthBearer'] },
    ),
    tls,
  },
  { default: {}, rules: [rules.oauthPortDiffers, rules.oauthPortNeedsMethod] },
)

export const limits = object(
  'GatewayLimits',
  'Limits of each replica.',
  {
    maxSessions: count('Sessions at a time.', 1, 100000, { default: 500 }),
    maxSessionsPerSubject: count('Sessions of one subject at a time.', 1, 100000, { default: 50 }),
    loginTimeout: duration('From the first byte to the end of authentication.', { default: '10s' }),
    idleTimeout: duration('Without a statement, outside of a transaction.', { default: '10m' }),
    idleInTransactionTimeout: duration('Without a statement, inside a transaction.', { default: '5m' }),
    maxMessageBytes: quantity('One message. A longer Bind is streamed where that is safe, else refused with 54000.', {
      default: '8Mi',
    }),
    maxUnitBytes: quantity('Messages up to Query, Sync or Flush that are judged as a whole.', { default: '8Mi' }),
    maxPreparedStatements: count('Prepared statements of a session.', 1, 1000000, { default: 1000 }),
    maxPortals: count('Portals and cursors of a session.', 1, 1000000, { default: 1000 }),
    maxQueuedBytes: quantity('Bytes of a session that wait for a slow peer.', { default: '16Mi' }),
    maxPipelineDepth: count('Units (to a Sync) whose answers are outstanding.', 1, 1000000, { default: 10000 }),
    maxStatementBytes: quantity('Text of one statement.', { default: '64Ki' }),
    drainTimeout: duration('How long transactions may go on when a replica stops.', {
      pattern: durationPatternOrZero,
      default: '5m',
    }),
    tokenGrace: duration('How long a running transaction may go on after its token has ended.', {
      pattern: durationPatternOrZero,
      default: '30s',
    }),
  },
  { default: {} },
)
