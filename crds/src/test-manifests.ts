/** Small valid manifests that tests change one thing of. */
export const gateway = {
  apiVersion: 'sallyport.dev/v1alpha1',
  kind: 'DatabaseGateway',
  metadata: { name: 'orders', namespace: 'data' },
  spec: {
    upstream: {
      host: 'orders-rw',
      credentials: [{ role: 'agent_ro', passwordSecretRef: { name: 'agents', key: 'agent_ro' } }],
    },
    authentication: { oidc: [{ issuer: { url: 'https://idp.example.com', audiences: ['sallyport'] } }] },
  },
}

export const policy = {
  apiVersion: 'sallyport.dev/v1alpha1',
  kind: 'AccessPolicy',
  metadata: { name: 'agents-read', namespace: 'data' },
  spec: {
    targetRefs: [{ kind: 'DatabaseGateway', name: 'orders' }],
    subjects: [{ kind: 'Group', name: 'idp:ai-agents' }],
    databases: ['orders'],
    role: 'agent_ro',
    rules: [{ name: 'reads', action: 'Allow', statements: ['Read'], tables: ['public.*'] }],
  },
}

/** Everything that DESIGN shows of a gateway, for tests that look at every field. */
export const fullGateway = {
  ...gateway,
  spec: {
    upstream: {
      ...gateway.spec.upstream,
      port: 5432,
      tls: {
        mode: 'VerifyFull',
        certificateAuthority: { configMapKeyRef: { name: 'ca', key: 'ca.crt' } },
        clientCertificate: { secretName: 'orders-client' },
      },
    },
    authentication: {
      oidc: [
        {
          issuer: {
            url: 'https://idp.example.com',
            audiences: ['sallyport'],
            certificateAuthority: { configMapKeyRef: { name: 'idp-ca', key: 'ca.crt' } },
            jwksURL: 'https://idp.example.com/keys',
            jwks: '{"keys":[]}',
          },
          claimMappings: { username: { claim: 'sub', prefix: 'idp:' }, groups: { claim: 'groups', prefix: 'idp:' } },
          claimValidationRules: [
            { claim: 'env', requiredValue: 'prod' },
            { expression: "claims.amr.exists(m, m == 'mfa')", message: 'second factor required' },
          ],
          clockSkew: '30s',
          kubernetesUsername: { expression: "'oidc:' + claims.sub" },
          maxTokenLifetime: '1h',
        },
      ],
      kubernetes: { audiences: ['sallyport'] },
    },
    handOn: { claims: ['sub', 'tenant'] },
    listener: {
      port: 5432,
      oauthPort: 5433,
      methods: ['Password', 'OAuthBearer'],
      tls: { mode: 'Required', certManager: { issuerRef: { name: 'ca', kind: 'Issuer', group: 'cert-manager.io' } } },
    },
    proxy: {
      replicas: 2,
      autoscaling: {
        minReplicas: 2,
        maxReplicas: 6,
        targetCPUUtilizationPercentage: 70,
        targetSessionsPerReplica: 200,
      },
      resources: { requests: { cpu: '250m', memory: '256Mi' }, limits: { memory: '512Mi' } },
      podTemplate: { spec: { nodeSelector: { pool: 'db' } } },
    },
    recording: {
      content: 'Full',
      onFailure: 'Deny',
      durability: 'Written',
      maxResponseBytes: '1Mi',
      storage: {
        s3: { bucket: 'audit', region: 'eu-central-1', objectLock: { mode: 'Compliance', retention: '8760h' } },
      },
      retention: '720h',
      legalHold: false,
      maskedParameters: 'Struck',
      encryption: { recipients: ['age1qqqq'] },
      stream: { stdout: {} },
    },
    approvals: {
      maxOpenPerSubject: 20,
      retention: '168h',
      noticeInterval: '30s',
      notifications: [
        { webhook: { url: 'https://hooks.example.com/x', signingSecretRef: { name: 'hook', key: 'key' } } },
      ],
    },
    limits: { maxSessions: 500, maxMessageBytes: '8Mi', idleTimeout: '10m', tokenGrace: '0s' },
    paused: false,
  },
}

/** Everything that DESIGN shows of a policy. */
export const fullPolicy = {
  ...policy,
  spec: {
    ...policy.spec,
    condition: "claims.env == 'prod'",
    mode: 'Enforce',
    rules: [
      ...policy.spec.rules,
      {
        name: 'secrets',
        action: 'Deny',
        tables: ['public.api_keys'],
        message: 'keys are for the payments service only',
      },
      {
        name: 'ddl',
        action: 'RequireApproval',
        statements: ['DDL'],
        approval: {
          scope: 'Statement',
          timeout: '60s',
          expiresAfter: '1h',
          approvals: 1,
          showLiterals: true,
          showParameters: false,
        },
        mayMoveMasks: false,
      },
      {
        name: 'fix',
        action: 'RequireApproval',
        statements: ['Update'],
        tables: ['public.orders'],
        approval: { scope: 'Rule', grantFor: '15m' },
      },
      { name: 'unbounded', action: 'Deny', statements: ['Update', 'Delete'], when: '!statement.hasWhere' },
      { name: 'danger', action: 'RequireApproval', pattern: '(?i)\\balter\\s+user\\b' },
    ],
    functions: { allow: ['public.search_products'] },
    trustedViews: ['reporting.vip'],
    masks: [
      {
        columns: ['public.customers.ssn', '*.*.card_number'],
        with: { partial: { keepLast: 4 } },
        uniquenessVisible: false,
        membershipVisible: false,
        hideNulls: false,
      },
      { columns: ['public.customers.email'], with: { emailDomain: {} } },
      { columns: ['public.customers.score'], with: { bucket: { width: 10 } } },
      { columns: ['public.customers.born'], with: { truncate: { to: 'month' } } },
      { columns: ['public.customers.profile'], with: { jsonPaths: { redact: ['$.ssn'] } } },
      { columns: ['public.customers.note'], with: { constant: { value: 'hidden' } } },
      { detect: ['CreditCard', { name: 'BadgeNumber', pattern: 'B-\\d{6}' }], with: { redact: {} } },
    ],
    rowFilters: [{ tables: ['public.orders'], where: 'tenant_id = $claims.tenant' }],
    explain: 'Reduced',
    limits: { maxRows: 10000, maxResultBytes: '16Mi', statementTimeout: '30s', statementsPerMinute: 600 },
  },
}

/** What DESIGN shows of a request. */
export const fullRequest = {
  apiVersion: 'sallyport.dev/v1alpha1',
  kind: 'ApprovalRequest',
  metadata: { name: 'orders-x7f2k', namespace: 'data' },
  spec: {
    gatewayRef: { name: 'orders' },
    policyRefs: [{ name: 'agents-read', rule: 'ddl', digest: 'abc', approvals: 1 }],
    requester: {
      issuer: 'https://idp.example.com',
      subject: 'a',
      username: 'idp:a',
      groups: ['g'],
      actor: 'b',
      kubernetesUsername: 'oidc:a',
    },
    session: { id: 's1', client: '10.0.0.1:5000', application: 'psql' },
    database: 'orders',
    role: 'agent_ro',
    searchPath: ['public'],
    scope: 'Statement',
    statement: {
      text: 'DROP TABLE orders',
      parameters: [{ type: 'int4', format: 'Text', value: '1' }],
      digest: 'abc',
      parametersDigest: 'def',
      kinds: ['DropTable'],
      tables: ['public.orders'],
      summary: 'drops public.orders',
    },
    reason: 'ticket 4711',
    expiresAt: '2030-01-31T12:00:00Z',
  },
  status: {
    decisions: { alice: { verdict: 'Approved', reason: 'ticket 4711' } },
    attempts: 3,
    grant: { until: '2030-01-31T12:00:00Z' },
    execution: { startedAt: '2030-01-31T12:00:00Z', outcome: 'Succeeded', rows: 1, session: 's1' },
    conditions: [
      { type: 'Approved', status: 'True', lastTransitionTime: '2030-01-31T12:00:00Z', reason: 'Approved', message: '' },
    ],
  },
}
