/** DatabaseGateway.spec.recording: what is kept of a session, where, and for how long. */
import { choice, count, flag, list, object, period, quantity, text } from './build.ts'
import { certificateAuthority, objectName, url } from './common.ts'
import { rules } from './rules.ts'

const s3 = object(
  'S3Storage',
  'A bucket that speaks S3.',
  {
    bucket: text('Name of the bucket.', 63, { pattern: '^[a-z0-9][a-z0-9.-]*[a-z0-9]$' }),
    prefix: { type: 'string', description: 'Put before the name of each object.', maxLength: 512, default: '' },
    region: text('Region of the bucket.', 64),
    endpoint: url('Address of the service, where it is not Amazon.'),
    forcePathStyle: flag('The bucket stands in the path of the address rather than in its host.'),
    credentialsSecretName: objectName(
      'A Secret with accessKeyID and secretAccessKey. Without it, the identity of the pod.',
    ),
    certificateAuthority: certificateAuthority("the service's certificate"),
    serverSideEncryption: object('ServerSideEncryption', 'Encryption by the service.', {
      algorithm: choice('How.', ['AES256', 'KMS'], { default: 'AES256' }),
      kmsKeyID: text('The key, with algorithm KMS.', 2048),
    }),
    objectLock: object('ObjectLock', 'The service refuses to delete or change objects.', {
      mode: choice('Governance: privileged people still may. Compliance: nobody.', ['Governance', 'Compliance'], {
        default: 'Governance',
      }),
      retention: period('For how long; `recording.retention` if absent.'),
    }),
    maxBufferBytes: quantity('Recordings that wait on local disk while the bucket is away.', { default: '1Gi' }),
  },
  { required: ['bucket'] },
)

const persistentVolumeClaim = object('VolumeStorage', 'A volume for each replica.', {
  storageClassName: objectName("Storage class; the cluster's default if absent."),
  size: text('How large.', 20, { pattern: '^[1-9][0-9]*(Ki|Mi|Gi|Ti|k|M|G|T)?$', default: '10Gi' }),
})

const storage = object(
  'RecordingStorage',
  'Where recordings are kept. From files: STATE/recordings if absent.',
  {
    s3,
    persistentVolumeClaim,
    directory: object(
      'DirectoryStorage',
      'A directory of the machine or pod.',
      { path: text('Absolute path.', 1024, { pattern: '^/' }) },
      { required: ['path'] },
    ),
  },
  { rules: [rules.oneStorage] },
)

const encryption = object(
  'RecordingEncryption',
  'Recordings are encrypted to public keys, so that the gateway writes what it cannot read.',
  {
    recipients: list('age recipients (`age1…`).', text('A public key.', 512, { pattern: '^age1[0-9a-z]+$' }), 16, {
      minItems: 1,
    }),
  },
  { required: ['recipients'] },
)

const stream = object(
  'AuditStream',
  'The same events without rows, as JSON lines.',
  {
    stdout: object('StdoutStream', 'To standard output.', {}),
    file: object(
      'FileStream',
      'To a file, rotated.',
      {
        path: text('Absolute path.', 1024, { pattern: '^/' }),
        maxBytes: quantity('Size at which a new file is begun.', { default: '100Mi' }),
        maxFiles: count('Files kept.', 1, 1000, { default: 10 }),
      },
      { required: ['path'] },
    ),
  },
  { rules: [rules.oneStream] },
)

export const recording = object('Recording', 'The record of each session. Absent: none, and a condition says so.', {
  content: choice(
    'Full: requests, decisions and responses. Statements: without responses. Off: nothing.',
    ['Full', 'Statements', 'Off'],
    { default: 'Full' },
  ),
  onFailure: choice(
    'Deny: what cannot be recorded does not run. Allow: it runs, is counted and alarmed.',
    ['Deny', 'Allow'],
    { default: 'Deny' },
  ),
  durability: choice(
    'Written: handed to the operating system before the request goes on. Synced: on stable storage.',
    ['Written', 'Synced'],
    { default: 'Written' },
  ),
  maxResponseBytes: quantity('Rows kept of each statement; beyond, counts and a digest.', { default: '1Mi' }),
  storage,
  retention: period('How long recordings are kept.', { default: '720h' }),
  legalHold: flag('Nothing is removed, whatever retention says.'),
  maskedParameters: choice(
    'Parameters that meet masked columns: Struck (same length) or Recorded.',
    ['Struck', 'Recorded'],
    { default: 'Struck' },
  ),
  encryption,
  stream,
})
