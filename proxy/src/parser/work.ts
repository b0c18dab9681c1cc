/** What is asked of a parser, here or in a worker, and how an instance answers it. */
import { type Analysis, factsOf } from '../sql/facts.ts'
import { proveSpliced } from '../sql/prove.ts'
import type { Splice } from '../sql/resolved.ts'
import type { Instance } from './instance.ts'

export type Job =
  | { readonly do: 'analyse'; readonly text: string }
  | { readonly do: 'prove'; readonly text: string; readonly spliced: string; readonly splices: readonly Splice[] }

export type Proof = true | { readonly problem: string }
export type Answer = { readonly analysis: Analysis } | { readonly proof: Proof }

/** Throws when the instance must not be used again. */
export function perform(job: Job, instance: Instance): Answer {
  return job.do === 'analyse' ? { analysis: analyse(job.text, instance) } : { proof: prove(job, instance) }
}

function analyse(text: string, instance: Instance): Analysis {
  const outcome = instance.parse(text)
  return 'tree' in outcome ? factsOf(text, outcome.tree) : outcome
}

/** Both texts are parsed by the same instance: the one tree must be the other with the splices done to it. */
function prove({ text, spliced, splices }: Extract<Job, { do: 'prove' }>, instance: Instance): Proof {
  const before = instance.parse(text)
  const after = instance.parse(spliced)
  if ('error' in before || 'error' in after) return { problem: 'the spliced text does not parse' }
  return proveSpliced(before.tree, after.tree, splices)
}
