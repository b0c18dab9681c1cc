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

import { settings } from '../settings.ts'
import { quoteIdentifier, quoteName } from './quote.ts'
import { type Candidates, functionCandidates, operatorCandidates } from './resolve-candidates.ts'
import { staleCatalog, tooComplex, undefinedFunction, undefinedOperator, undefinedSchema } from './resolve-errors.ts'
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
  readonly #known = new Map<string, Known>()

  constructor(lookup: Lookup, isColumn: (name: string) => boolean) {
    this.#lookup = lookup
    this.#isColumn = isColumn
  }

  resolve(call: Call): CallResult | { readonly refusal: SqlRefusal } {
    const { candidates, edit, written, refusal } = this.#once(call)
    if (refusal !== undefined) return { refusal: { ...refusal, location: call.location } }
    if (candidates.incomplete) return { refusal: staleCatalog(`${call.form.toLowerCase()} ${written}`) }
    const { form, location, part, span } = call
    if (this.#known.size > settings.maxDistinctCalls) return { refusal: tooComplex() }
    if (candidates.functions.length === 0)
      // Without a function the server converts by the types' own input and output.
      return form === 'Cast' ? nothing : resolveNothing(call, this.#lookup, this.#isColumn)
    const older = call.wordSince === undefined ? undefined : olderWord(call, this.#lookup)
    const splices =
      older !== undefined ? [older] : edit === undefined || span === undefined ? none : [{ span, ...edit }]
    return { call: { form, written, candidates: candidates.functions, location, part }, splices }
  }

  /** What is the same wherever that name is called with that many arguments. */
  #once(call: Call): Known {
    const written = call.name.length === 1 ? (call.name[0] ?? '') : call.name.join('.')
    const key = `${call.form} ${call.arity} ${call.loose} ${call.name.length} ${written}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const found = { written, ...this.#find(call) }
    this.#known.set(key, found)
    return found
  }

  #find(call: Call): Omit<Known, 'written'> {
    const { form, name } = call
    if (form === 'Cast') return this.#cast(call)
    const { schema } = partsOf(name)
    if (schema !== undefined && this.#lookup.schemaNamed(schema) === undefined)
      return { candidates: noCandidates, refusal: undefinedSchema(schema, 0) }
    const candidates =
      form === 'Function' ? functionCandidates(name, call, this.#lookup) : operatorCandidates(name, call, this.#lookup)
    const edit = pinned(call, candidates)
    return { candidates, ...(edit === undefined ? {} : { edit }) }
  }

  #cast(call: Call): Omit<Known, 'written'> {
    const type = findType(call.name, call.location, this.#lookup)
    if (type === 'Serial') return { candidates: noCandidates }
    if ('refusal' in type) return { candidates: noCandidates, ...type }
    const found = castFunctions(type, this.#lookup)
    return { candidates: { functions: found ?? [], schemas: [], incomplete: found === undefined } }
  }
}

interface Known {
  readonly written: string
  readonly candidates: Candidates
  /** What sends the name on with its schema. */
  readonly edit?: Edit
  readonly refusal?: SqlRefusal
}

type Edit = Omit<Splice, 'span'>

const none: readonly Splice[] = []
const nothing: CallResult = { splices: none }
const noCandidates: Candidates = { functions: [], schemas: [], incomplete: false }

/** On a server that does not know the word yet, a user's function of that name would take the call: it is spelt out. */
function olderWord({ name, span, wordSince, ...count }: Call, lookup: Lookup): Splice | undefined {
  const [schema, word] = name
  if (wordSince === undefined || wordSince <= lookup.catalog.server) return undefined
  if (schema === undefined || word === undefined || span === undefined) return undefined
  const captured = functionCandidates([word], count, lookup).schemas.some(place => place !== schema)
  if (!captured) return undefined
  return { span, text: quoteName([schema, word]), edit: { do: 'QualifyFunction', schema, name: word } }
}

/** Candidates in one schema, and not in pg_catalog: the name is sent on with it. */
function pinned(call: Call, { schemas }: Candidates): Edit | undefined {
  const [schema, ...others] = schemas
  if (schema === undefined || schema === 'pg_catalog' || others.length > 0) return undefined
  return editFor(call, schema)
}

function editFor({ form, name: written }: Call, schema: string): Edit | undefined {
  const [name] = written
  if (name === undefined || written.length > 1) return undefined
  if (form === 'Operator')
    return { text: `OPERATOR(${quoteIdentifier(schema)}.${name})`, edit: { do: 'QualifyOperator', schema, name } }
  return { text: quoteName([schema, name]), edit: { do: 'QualifyFunction', schema, name } }
}

function qualifyCall(call: Call, schema: string): readonly Splice[] {
  const edit = editFor(call, schema)
  return call.span === undefined || edit === undefined ? none : [{ span: call.span, ...edit }]
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
