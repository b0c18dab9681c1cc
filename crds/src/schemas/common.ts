/** Pieces that several kinds share: references, selectors of keys, conditions. */
import { choice, count, listBy, map, object, type Schema, text } from './build.ts'

/** A DNS subdomain: what Kubernetes lets a Secret or ConfigMap be called. */
const namePattern = '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$'

export function objectName(description: string): Schema {
  return text(description, 253, { pattern: namePattern })
}

/** PostgreSQL's NAMEDATALEN is 64 bytes with the closing zero. */
export function identifier(description: string): Schema {
  return text(description, 63)
}

export function secretKey(description: string): Schema {
  return object('SecretKeySelector', description, keyFields('Secret'), { required: ['name', 'key'] })
}

function configMapKey(description: string): Schema {
  return object('ConfigMapKeySelector', description, keyFields('ConfigMap'), { required: ['name', 'key'] })
}

function keyFields(kind: string): Record<string, Schema> {
  return {
    name: objectName(`Name of the ${kind}, in the namespace of this object.`),
    key: text(`Key inside the ${kind}.`, 253, { pattern: '^[-._a-zA-Z0-9]+$' }),
  }
}

export function certificateAuthority(whom: string): Schema {
  return object(
    'CertificateAuthority',
    `Certificates (PEM) that ${whom} must be signed by. Without it, those that Node trusts.`,
    { configMapKeyRef: configMapKey('A key of a ConfigMap that holds the certificates as PEM.') },
    { required: ['configMapKeyRef'] },
  )
}

export function localSecret(description: string): Schema {
  return object(
    'LocalSecret',
    description,
    { secretName: objectName('Name of a Secret of type kubernetes.io/tls, with tls.crt and tls.key.') },
    { required: ['secretName'] },
  )
}

/** A CEL expression; compiled with the object that holds it, and refused there if it does not compile. */
export function cel(description: string): Schema {
  return text(description, 2048)
}

/** RE2, so that no pattern can take more than linear time. */
export function re2(description: string): Schema {
  return text(description, 1000)
}

/** HTTPS, or HTTP to this very machine, as Kubernetes asks of issuers. */
export function url(description: string): Schema {
  return text(description, 2048, {
    pattern: '^(https://[^/?#@\\s]+|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:[0-9]{1,5})?)([/?][^#\\s]*)?$',
  })
}

export function conditions(types: string): Schema {
  return listBy('type', `What holds of this object at present: ${types}.`, condition, 16)
}

const condition = object(
  'Condition',
  'One thing that holds or does not.',
  {
    type: text('What the condition is about.', 316),
    status: choice('Whether it holds.', ['True', 'False', 'Unknown']),
    observedGeneration: count('The generation of the object that this was judged on.', 0, Number.MAX_SAFE_INTEGER),
    lastTransitionTime: text('When `status` last changed.', 64, { format: 'date-time' }),
    reason: text('Why, in one word for programs.', 1024),
    message: { type: 'string', description: 'Why, for people.', maxLength: 32768 },
  },
  { required: ['type', 'status', 'lastTransitionTime', 'reason', 'message'] },
)

export function labels(description: string): Schema {
  return map(description, { type: 'string', description: 'A value.', maxLength: 63 }, 64)
}
