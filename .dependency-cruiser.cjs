// The import arrows of the house: gateway → outside rooms → pure rooms; outside rooms do not import each other.
const pure = '^proxy/src/(wire|sql|policy|mask|session|audit)/'
const outside = '^proxy/src/(auth|upstream|catalog|parser|approvals|recording|config)/'
const tests = '(\\.test\\.ts|/test/)'
const sideEffects = '^(node:)?(fs|fs/promises|net|tls|http|http2|https|dns|dgram|timers|timers/promises|child_process|worker_threads|cluster|os|process)$'

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: { pathNot: tests }, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'pure-rooms-import-pure-rooms', severity: 'error', from: { path: pure, pathNot: tests }, to: { path: '^(proxy|operator|cli|kube)/', pathNot: [pure, '^proxy/src/(errors|settings)\\.ts$'] } },
    { name: 'pure-rooms-do-nothing', severity: 'error', from: { path: pure, pathNot: tests }, to: { path: sideEffects } },
    { name: 'outside-rooms-do-not-meet', severity: 'error', from: { path: '^proxy/src/(auth|upstream|catalog|parser|approvals|recording|config)/', pathNot: tests }, to: { path: outside, pathNot: '^proxy/src/$1/' } },
    { name: 'outside-rooms-know-no-gateway', severity: 'error', from: { path: outside, pathNot: tests }, to: { path: '^proxy/src/(gateway|admin)/' } },
    { name: 'crds-stand-alone', severity: 'error', from: { path: '^crds/' }, to: { path: '^(proxy|operator|cli|kube)/' } },
    { name: 'proxy-knows-no-cli', severity: 'error', from: { path: '^proxy/', pathNot: tests }, to: { path: '^(cli|operator)/' } },
  ],
  options: { parser: 'swc', tsPreCompilationDeps: true, doNotFollow: { path: 'node_modules' }, exclude: { path: 'node_modules' } },
}
