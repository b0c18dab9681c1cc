/** PostgreSQL's parser as the pure rooms are handed it. One text after the other; an instance that fails is replaced. */
import { Instance } from '@sallyport/proxy/parser/instance.ts'
import type { Parse } from '@sallyport/proxy/policy/judge-text.ts'

/** The command line judges few texts: it makes a spare instance at once, so that `parse` need not wait for one. */
export async function openParse(): Promise<Parse> {
  const instances = [await Instance.create(), await Instance.create()]
  return text => {
    const instance = instances[0]
    if (instance === undefined) return { refusal: tooComplex }
    try {
      const outcome = instance.parse(text)
      return 'tree' in outcome ? outcome : { refusal: outcome.error }
    } catch {
      instances.shift()
      return { refusal: tooComplex }
    }
  }
}

const tooComplex = { sqlState: '54001', message: 'statement is too complex', code: 'StatementTooComplex' }
