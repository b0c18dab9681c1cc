/** Manifests as `policy test` and `policy explain` need them: read as the gateway reads them, and compiled. */
import { stat } from 'node:fs/promises'
import { loadManifests } from '@sallyport/proxy/config/load.ts'
import type { FileProblem, Snapshot } from '@sallyport/proxy/config/snapshot.ts'
import { compilePolicy } from '@sallyport/proxy/policy/compile.ts'
import type { CompiledPolicy } from '@sallyport/proxy/policy/compiled.ts'
import { UsageError } from '../usage.ts'

export interface Policies {
  readonly snapshot: Snapshot
  readonly policies: readonly CompiledPolicy[]
  readonly mistakes: readonly FileProblem[]
}

/** A broken policy denies here as it would in the gateway; `mistakes` says so. */
export async function loadPolicies(folder: string): Promise<Policies> {
  await stat(folder).catch(() => {
    throw new UsageError(`${folder} is not there`)
  })
  const { snapshot } = await loadManifests(folder)
  const mistakes = snapshot.problems.filter(({ severity }) => severity === 'Error')
  return { snapshot, policies: snapshot.policies.flatMap(compiled), mistakes }
}

function compiled({ namespace, name, spec }: Snapshot['policies'][number]): readonly CompiledPolicy[] {
  const result = compilePolicy({
    apiVersion: 'sallyport.dev/v1alpha1',
    kind: 'AccessPolicy',
    metadata: { namespace, name },
    spec,
  })
  return 'compiled' in result ? [result.compiled] : []
}
