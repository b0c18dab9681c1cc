/** DatabaseGateway.spec.upstream: the second door. */
import { choice, count, listBy, object, type Schema, text } from './build.ts'
import { certificateAuthority, identifier, localSecret, secretKey } from './common.ts'
import { rules } from './rules.ts'

const tls: Schema = object(
  'UpstreamTls',
  'TLS to the database.',
  {
    mode: choice(
      'Disable: never. Require: encrypted, certificate not checked. VerifyCA: signed by the authority. VerifyFull: that, and its name is the host.',
      ['Disable', 'Require', 'VerifyCA', 'VerifyFull'],
      { default: 'VerifyFull' },
    ),
    certificateAuthority: certificateAuthority("the database's certificate"),
    clientCertificate: localSecret('Certificate with which the gateway proves itself to the database.'),
  },
  { default: {}, rules: [rules.tlsDisabledHasNoCertificates] },
)

const credential = object(
  'Credential',
  'A PostgreSQL role that the gateway may log in as.',
  {
    role: identifier('Name of the PostgreSQL role.'),
    passwordSecretRef: secretKey(
      'Its password; read again at each login. Absent where the database asks for none (client certificate).',
    ),
  },
  { required: ['role'] },
)

export const upstream = object(
  'Upstream',
  'The PostgreSQL server behind this gateway.',
  {
    host: text('Host name or address.', 253, { pattern: '^[^\\s/]+$' }),
    port: count('TCP port.', 1, 65535, { default: 5432 }),
    tls,
    credentials: listBy(
      'role',
      'PostgreSQL roles the gateway may log in as. Policies choose among them.',
      credential,
      64,
      { minItems: 1 },
    ),
  },
  { required: ['host', 'credentials'] },
)
