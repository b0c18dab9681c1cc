/**
 * What each call may run. A name that finds candidates in one schema outside pg_catalog is sent on with that schema; one
 * that finds none is sent on as pg_catalog's, where it fails as it must: nobody can slip a function under it between
 * our look at the catalog and the server's. (Where candidates exist, that window is as long as the catalog is polled.)
 *
 * Three things look like calls and may be something else:
 *   mytype(x)    a cast: the type's own input, no function of ours to judge
 *   f(t)         column f of the row t: read with the whole row, which the argument already counts as
 *   (expr).f     column f, or else function f of expr: candidates count where there are any
 */

import { quoteIdentifier, quoteName } from './quote.ts'
import { type Candidates, functionCandidates, operatorCandidates } from './resolve-candidates.ts'
import { staleCatalog, undefinedFunction, undefinedOperator, undefinedSchema } from './resolve-errors.ts'
import { firstIn, type Lookup, partsOf } from './resolve-lookup.ts'
import { castFunctions, findType } from './resolve-types.ts'
import type { ResolvedCall, Splice, SqlRefusal } from './resolved.ts'
import type { Call } from './statement.ts'

export interface CallResult {
  readonly call?: ResolvedCall
  readonly splices: readonly Splice[]
}

/**
 * Resolves the calls of one statement; a name that is called a thousand times is looked up once. `isColumn` tells
 * whether any relation of the statement has a column of that name.
 */
export class CallResolver {
  readonly #lookup: Lookup
  readonly #isColumn: (name: string) => boolean
  readonly #known = new Map<string, Candidates>()

  constructor(lookup: Lookup, isColumn: (name: string) => boolean) {
    this.#lookup = lookup
    this.#isColumn = isColumn
  }

  resolve(call: Call): CallResult | { readonly refusal: SqlRefusal } {
    const lookup = this.#lookup
    const { schema } = partsOf(call.name)
    if (call.form === 'Cast') return this.#cast(call)
    if (schema !== undefined && lookup.schemaNamed(schema) === undefined)
      return { refusal: undefinedSchema(schema, call.location) }
    const candidates = this.#candidates(call)
    if (candidates.incomplete) return { refusal: staleCatalog(`operator ${call.name.join('.')}`) }
    if (candidates.functions.length === 0) return resolveNothing(call, lookup, this.#isColumn)
    const splices = [...olderWord(call, lookup), ...pinned(call, candidates)]
    return { call: resolved(call, candidates.functions), splices }
  }

  #candidates(call: Call): Candidates {
    return this.#once(call, () =>
      call.form === 'Function'
        ? functionCandidates(call.name, call, this.#lookup)
        : operatorCandidates(call.name, call, this.#lookup),
    )
  }

  #cast(call: Call): CallResult | { readonly refusal: SqlRefusal } {
    const type = findType(call.name, call.location, this.#lookup)
    if (type === 'Serial') return { splices: [] }
    if ('refusal' in type) return type
    const { functions, incomplete } = this.#once(call, () => {
      const found = castFunctions(type, this.#lookup)
      return { functions: found ?? [], schemas: [], incomplete: found === undefined }
    })
    if (incomplete) return { refusal: staleCatalog(`type "${call.name.join('.')}"`) }
    // Without a function the server converts by the types' own input and output.
    return functions.length === 0 ? { splices: [] } : { call: resolved(call, functions), splices: [] }
  }

  #once({ form, name, arity, loose }: Call, find: () => Candidates): Candidates {
    const key = JSON.stringify([form, name, arity, loose])
    const known = this.#known.get(key) ?? find()
    this.#known.set(key, known)
    return known
  }
}

/** On a server that does not know the word yet, a user's function of that name would take the call: it is spelt out. */
function olderWord({ name, span, wordSince, ...count }: Call, lookup: Lookup): readonly Splice[] {
  const [schema, word] = name
  if (
    wordSince === undefined ||
    wordSince <= lookup.catalog.server ||
    schema === undefined ||
    word === undefined ||
    span === undefined
  )
    return []
  const captured = functionCandidates([word], count, lookup).schemas.some(place => place !== schema)
  return captured
    ? [{ span, text: quoteName([schema, word]), edit: { do: 'QualifyFunction', schema, name: word } }]
    : []
}

function resolved({ form, name, location, part }: Call, candidates: ResolvedCall['candidates']): ResolvedCall {
  return { form, written: name.join('.'), candidates, location, part }
}

/** Candidates in one schema, and not in pg_catalog: the name is sent on with it. */
function pinned(call: Call, { schemas }: Candidates): readonly Splice[] {
  const [schema, ...others] = schemas
  if (schema === undefined || schema === 'pg_catalog' || others.length > 0) return []
  return qualifyCall(call, schema)
}

function qualifyCall({ form, name: written, span }: Call, schema: string): readonly Splice[] {
  const [name] = written
  if (span === undefined || name === undefined || written.length > 1) return []
  if (form === 'Operator')
    return [
      { span, text: `OPERATOR(${quoteIdentifier(schema)}.${name})`, edit: { do: 'QualifyOperator', schema, name } },
    ]
  return [{ span, text: quoteName([schema, name]), edit: { do: 'QualifyFunction', schema, name } }]
}

function resolveNothing(
  call: Call,
  lookup: Lookup,
  isColumn: (name: string) => boolean,
): CallResult | { readonly refusal: SqlRefusal } {
  const { schema, name } = partsOf(call.name)
  const single = call.form === 'Function' && call.arity === 1
  if (single && call.span === undefined) return { splices: [] }
  if (single && schema === undefined && isColumn(name)) return { splices: [] }
  if (single) {
    // As a cast in the form of a call: temporary types are not meant.
    const type = firstIn(schema === undefined ? lookup.functionPath : [lookup.schemaNamed(schema) ?? schema], place =>
      lookup.type(place, name),
    )
    if (type !== undefined) return { splices: type.schema === 'pg_catalog' ? [] : qualifyCall(call, type.schema) }
  }
  if ((schema === undefined ? lookup.functionPath : [schema]).every(place => place === 'pg_catalog'))
    return { splices: [] }
  const splices = schema === undefined ? qualifyCall(call, 'pg_catalog') : []
  if (splices.length > 0) return { splices }
  return {
    refusal:
      call.form === 'Function'
        ? undefinedFunction(call.name, call.arity, call.location)
        : undefinedOperator(call.name, call.location),
  }
}
