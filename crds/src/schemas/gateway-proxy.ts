/** DatabaseGateway.spec.proxy and approvals. */
import { choice, count, duration, free, list, map, object, period, type Schema } from './build.ts'
import { certificateAuthority, secretKey, url } from './common.ts'
import { rules } from './rules.ts'

const amounts = (description: string): Schema =>
  map(
    description,
    {
      description: 'A quantity.',
      'x-kubernetes-int-or-string': true,
      maxLength: 32,
      pattern: '^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$',
    },
    16,
  )

export const proxy = object(
  'ProxySettings',
  'The pods of this gateway. Means nothing from files.',
  {
    replicas: count('How many, where autoscaling does not say.', 0, 1000, { default: 2 }),
    autoscaling: object(
      'Autoscaling',
      'A HorizontalPodAutoscaler.',
      {
        minReplicas: count('At least.', 1, 1000, { default: 2 }),
        maxReplicas: count('At most.', 1, 1000),
        targetCPUUtilizationPercentage: count('CPU that a replica should use, in per cent of its request.', 1, 100, {
          default: 70,
        }),
        targetSessionsPerReplica: count(
          'Sessions that a replica should hold, where the metric API knows them.',
          1,
          100000,
        ),
      },
      { required: ['maxReplicas'] },
    ),
    resources: object('Resources', 'CPU and memory of a replica.', {
      requests: amounts('What is reserved.'),
      limits: amounts('What it may use at most.'),
    }),
    podTemplate: free(
      'Merged over the pod template that the operator makes (merge patch; containers, volumes and env by name).',
    ),
  },
  { default: {}, rules: [rules.replicasOrAutoscaling] },
)

const webhook = object(
  'Webhook',
  'An HTTP POST for each change of a request, signed and repeated until it is taken.',
  {
    url: url('Where to.'),
    format: choice(
      'Sallyport: the request as JSON. Slack: a message for a Slack-compatible hook.',
      ['Sallyport', 'Slack'],
      { default: 'Sallyport' },
    ),
    signingSecretRef: secretKey('Key of the HMAC in the header `sallyport-signature`.'),
    certificateAuthority: certificateAuthority("the receiver's certificate"),
    timeout: duration('For one attempt.', { default: '10s' }),
  },
  { required: ['url'] },
)

export const approvals = object(
  'ApprovalSettings',
  'Requests that wait for a person.',
  {
    maxOpenPerSubject: count('Open requests of one subject.', 1, 1000, { default: 20 }),
    retention: period('How long finished requests are kept.', { default: '168h' }),
    noticeInterval: duration('A notice to the waiting client, for those that drop silent connections.', {
      default: '30s',
    }),
    notifications: list(
      'Who is told.',
      object('Notification', 'One receiver.', { webhook }, { required: ['webhook'] }),
      16,
      { default: [] },
    ),
  },
  { default: {} },
)
