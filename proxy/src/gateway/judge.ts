/**
 * Text → analysis → resolution → decision → what is sent instead. Three steps, three caches, each keyed by everything
 * that it read: analyses by the text alone; resolutions by text, database, role, effective search_path and catalog
 * version; decisions by resolution, policies and the claims that they read. Objects that only one session sees are
 * never shared: then nothing but the analysis is cached.
 */
import type { CatalogWatch } from '../catalog/watch.ts'
import type { Analysis, Parser } from '../parser/parser.ts'
import type { SessionFacts } from '../policy/question.ts'
import type { Selection } from '../policy/select.ts'
import type { JudgeEffect } from '../session/effects.ts'
import type { Ask, Epoch, JudgedStatement, Judgement } from '../session/judgement.ts'
import type { Refusal } from '../session/refusal.ts'
import { settings } from '../settings.ts'
import type { Catalog, SchemaEntry } from '../sql/catalog.ts'
import { resolveAll } from '../sql/resolve-all.ts'
import type { NameContext, OwnObjects, Resolved } from '../sql/resolved.ts'
import { searchPath } from '../sql/search-path.ts'
import { type Spliced, splice } from '../sql/splice.ts'
import type { StatementFacts } from '../sql/statement.ts'
import { inTurns } from './in-turns.ts'
import { catalogUnavailable, refusalOf, statementTooLarge, tooManyStatements, unproven } from './judge-refusals.ts'
import { LruCache } from './lru-cache.ts'
import { ownObjects } from './own-objects.ts'
import { restsOnUnknown, untilKnown } from './unknown-definitions.ts'
import { decideOne, refusedStatement } from './verdicts.ts'

export type JudgeAnswer =
  | { readonly is: 'judged'; readonly judgements: readonly Judgement[]; readonly epoch?: Epoch }
  | { readonly is: 'ownNeeded'; readonly queries: readonly string[] }

/** For whom it is asked. `selection` is what holds now: a reason where no policy does any more. */
export interface Subject {
  readonly role: string
  readonly database: string
  readonly catalog: CatalogWatch
  readonly policyEpoch: number
  readonly selection: Selection | Refusal
  facts(): SessionFacts
  /** It has DDL under way itself. */
  readonly changesDefinitions: boolean
}

type Resolution = { readonly resolved: readonly Resolved[]; readonly spliced: Spliced } | { readonly refusal: Refusal }

export class Judge {
  readonly #parser: Parser
  readonly #maxStatementBytes: () => number
  readonly #analyses = new LruCache<Analysis>(settings.maxAnalyses, settings.maxCachedTextBytes)
  readonly #resolutions = new LruCache<Resolution>(settings.maxJudgements, settings.maxCachedTextBytes)
  readonly #decisions = new LruCache<readonly JudgedStatement[]>(settings.maxJudgements, settings.maxCachedTextBytes)

  readonly #rereadFor = new WeakSet<JudgeEffect>()

  constructor(parser: Parser, maxStatementBytes: () => number) {
    this.#parser = parser
    this.#maxStatementBytes = maxStatementBytes
  }

  /** Answers at once where it can: short texts, known names. */
  judge(effect: JudgeEffect, subject: Subject): JudgeAnswer | Promise<JudgeAnswer> {
    if (effect.refreshCatalog) return this.#afterReading(subject.catalog.refresh(), effect, subject)
    return this.#judge(effect, subject)
  }

  /** What cannot be read is not known: then the answer is no, and the session lives on. */
  async #afterReading(reading: Promise<unknown>, effect: JudgeEffect, subject: Subject): Promise<JudgeAnswer> {
    const isRead = await reading.then(
      found => found !== false,
      () => false,
    )
    return isRead ? this.#judge(effect, subject) : answerAll(effect, subject, catalogUnavailable)
  }

  #judge(effect: JudgeEffect, subject: Subject): JudgeAnswer | Promise<JudgeAnswer> {
    if (effect.asks.length > settings.maxAsksAtOnce) return this.#judgeInTurns(effect, subject)
    const analyses = effect.asks.map(ask => this.#analysisFor(ask))
    if (analyses.some(analysis => analysis instanceof Promise)) {
      return Promise.all(analyses).then(known => this.#judgeAll(effect, subject, known))
    }
    return this.#judgeAll(effect, subject, analyses as readonly (Analysis | undefined)[])
  }

  /** Many questions at once: the other sessions have their turns between them. */
  async #judgeInTurns(effect: JudgeEffect, subject: Subject): Promise<JudgeAnswer> {
    const analyses = await inTurns(effect.asks, ask => this.#analysisFor(ask))
    return this.#judgeAll(effect, subject, analyses)
  }

  #judgeAll(
    effect: JudgeEffect,
    subject: Subject,
    analyses: readonly (Analysis | undefined)[],
  ): JudgeAnswer | Promise<JudgeAnswer> {
    const catalog = subject.catalog.current()
    if (catalog === undefined || subject.catalog.stale) return answerAll(effect, subject, catalogUnavailable)
    const own = ownObjects(effect, analyses)
    if (own !== undefined && 'queries' in own) return { is: 'ownNeeded', queries: own.queries }
    const about = { effect, subject, catalog, context: contextOf(effect, subject, catalog, own) }
    const judgeOne = (ask: Ask, index: number) => this.#judgeOne(ask, analyses[index], about)
    const conclude = (known: readonly Judgement[]): JudgeAnswer | Promise<JudgeAnswer> => {
      if (restsOnUnknown(known, subject)) return this.#afterReading(untilKnown(known, subject), effect, subject)
      if (this.#mayBeNews(effect, known)) return this.#afterReading(subject.catalog.refresh(), effect, subject)
      return { is: 'judged', judgements: known, epoch: epochOf(about) }
    }
    if (effect.asks.length > settings.maxAsksAtOnce) {
      const { policyEpoch } = subject
      return inTurns(effect.asks, judgeOne).then(known =>
        policyEpoch === subject.policyEpoch ? conclude(known) : this.#judge(effect, subject),
      )
    }
    const judgements = effect.asks.map(judgeOne)
    if (judgements.some(judgement => judgement instanceof Promise)) return Promise.all(judgements).then(conclude)
    return conclude(judgements as readonly Judgement[])
  }

  /** A name that is not known may have been made elsewhere a moment ago: the catalog is read once more before the no. */
  #mayBeNews(effect: JudgeEffect, judgements: readonly Judgement[]): boolean {
    if (effect.refreshCatalog || this.#rereadFor.has(effect)) return false
    this.#rereadFor.add(effect)
    return judgements.some(({ refusal }) => refusal !== undefined && unknownNames.has(refusal.fields.sqlState))
  }

  #analysisFor(ask: Ask): Analysis | Promise<Analysis> | undefined {
    if (ask.what === 'again') return undefined
    const limit = this.#maxStatementBytes()
    if (ask.text.length * 3 > limit && Buffer.byteLength(ask.text) > limit) return { error: statementTooLarge(limit) }
    const known = this.#analyses.get(ask.text)
    if (known !== undefined) return known
    const analysis = this.#parser.analyse(ask.text)
    if (!(analysis instanceof Promise)) return this.#keepAnalysis(ask.text, analysis)
    return analysis.then(found => this.#keepAnalysis(ask.text, found))
  }

  #keepAnalysis(text: string, found: Analysis): Analysis {
    const isLong = 'statements' in found && found.statements.length > settings.maxStatementsOfText
    const analysis = isLong ? { error: tooManyStatements } : found
    if (!isPassing(analysis)) this.#analyses.set(text, analysis, text.length)
    return analysis
  }

  #judgeOne(ask: Ask, analysis: Analysis | undefined, about: About): Judgement | Promise<Judgement> {
    if (ask.what === 'again') return this.#again(ask.judgement, about)
    if (analysis === undefined || 'error' in analysis)
      return judgement(ask.text, about, { refusal: refusalOf(ask.text, analysis?.error) })
    const resolution = this.#resolve(ask.text, analysis.statements, about)
    if (!(resolution instanceof Promise)) return this.#decide(ask.text, resolution, about)
    return resolution.then(found => this.#decide(ask.text, found, about))
  }

  /** Names stay as they were resolved; the verdict is today's. */
  #again(old: Judgement, about: About): Judgement {
    const statements = this.#verdicts(
      old.text,
      old.statements.map(({ resolved }) => resolved),
      about,
    )
    return { ...old, statements, policy: about.subject.policyEpoch }
  }

  #resolve(text: string, statements: readonly StatementFacts[], about: About): Resolution | Promise<Resolution> {
    const key = about.context.own === undefined ? resolutionKey(text, about) : undefined
    const known = key === undefined ? undefined : this.#resolutions.get(key)
    if (known !== undefined) return known
    const found = resolveAll(statements, about.catalog, about.context)
    const resolution =
      'refusal' in found ? { refusal: refusalOf(text, found.refusal) } : this.#edit(text, found.resolved)
    const keep = (each: Resolution): Resolution => {
      if (key !== undefined) this.#resolutions.set(key, each, text.length)
      return each
    }
    return resolution instanceof Promise ? resolution.then(keep) : keep(resolution)
  }

  /** The text with its names qualified, proven to mean what was judged by parsing it again. */
  #edit(text: string, resolved: readonly Resolved[]): Resolution | Promise<Resolution> {
    const splices = resolved.flatMap(each => each.splices)
    const spliced = splice(text, splices)
    if (splices.length === 0) return { resolved, spliced }
    const proof = this.#parser.prove(text, spliced.text, splices)
    const conclude = (proven: Awaited<typeof proof>): Resolution =>
      proven === true ? { resolved, spliced } : { refusal: unproven }
    return proof instanceof Promise ? proof.then(conclude) : conclude(proof)
  }

  #decide(text: string, resolution: Resolution, about: About): Judgement {
    if ('refusal' in resolution) return judgement(text, about, resolution)
    const { resolved, spliced } = resolution
    const statements = this.#verdicts(text, resolved, about)
    const isEdited = spliced.text !== text
    return judgement(text, about, {
      statements,
      sent: spliced.text,
      ...(isEdited ? { toOriginal: spliced.positionToOriginal, qualified: resolved.flatMap(qualifiedIn) } : {}),
    })
  }

  #verdicts(text: string, resolved: readonly Resolved[], about: About): readonly JudgedStatement[] {
    const { selection } = about.subject
    if ('fields' in selection) return resolved.map(each => refusedStatement(each, selection))
    const isShared = about.context.own === undefined && !selection.changes
    const key = isShared ? `${selection.key}\0${resolutionKey(text, about)}` : undefined
    const known = key === undefined ? undefined : this.#decisions.get(key)
    if (known?.every((statement, index) => statement.resolved === resolved[index])) return known
    const { role } = about.subject
    const asking = { selection, role, session: about.subject.facts(), server: about.catalog.server }
    const statements = resolved.map(each => decideOne(text, each, asking))
    if (key !== undefined) this.#decisions.set(key, statements, text.length)
    return statements
  }
}

/** undefined_table, undefined_function, undefined_object, invalid_schema_name, undefined_column */
const unknownNames: ReadonlySet<string> = new Set(['42P01', '42883', '42704', '3F000', '42703'])

/** The parser was busy or gave up: the next one may be luckier. */
function isPassing(analysis: Analysis): boolean {
  return 'error' in analysis && analysis.error.code === 'StatementTooComplex'
}

function qualifiedIn({ splices }: Resolved): readonly { readonly written: string; readonly qualified: string }[] {
  return splices.flatMap(({ edit }) =>
    edit.do === 'ExpandStar' ? [] : [{ written: edit.name, qualified: `${edit.schema}.${edit.name}` }],
  )
}

interface About {
  readonly effect: JudgeEffect
  readonly subject: Subject
  readonly catalog: Catalog
  readonly context: NameContext
}

function epochOf({ subject, catalog }: About): Epoch {
  return { policy: subject.policyEpoch, catalog: catalog.version }
}

function judgement(text: string, { effect, subject, catalog }: About, rest: Partial<Judgement>): Judgement {
  return {
    text,
    sent: text,
    statements: [],
    policy: subject.policyEpoch,
    catalog: catalog.version,
    contextKey: effect.contextKey,
    ...rest,
  }
}

function resolutionKey(text: string, { subject, catalog, context }: About): string {
  const { path, creation, setting, resetSetting, transactional } = context
  return [
    subject.database,
    subject.role,
    catalog.version,
    JSON.stringify([path, creation, setting, resetSetting, transactional]),
    text,
  ].join('\0')
}

function contextOf(effect: JudgeEffect, { role }: Subject, catalog: Catalog, own: OwnObjects | undefined): NameContext {
  const { searchPath: setting, resetSearchPath: resetSetting, mayRevert: transactional } = effect
  return {
    role,
    ...searchPath(setting, role, { schema: name => seenSchema(name, catalog, own) }, own?.tempSchema),
    setting,
    resetSetting,
    transactional,
    ...(own === undefined ? {} : { own }),
  }
}

/** A schema that the session's own transaction made is on its path. */
function seenSchema(name: string, catalog: Catalog, own: OwnObjects | undefined): SchemaEntry | undefined {
  const entry = own?.schema?.(name) ?? catalog.schema(name)
  return entry === 'Dropped' ? undefined : entry
}

function answerAll(effect: JudgeEffect, subject: Subject, refusal: Refusal): JudgeAnswer {
  const judgements = effect.asks.map(ask => {
    const text = ask.what === 'text' ? ask.text : ask.judgement.text
    return {
      text,
      sent: text,
      statements: [],
      policy: subject.policyEpoch,
      catalog: 0,
      contextKey: effect.contextKey,
      refusal,
    }
  })
  return { is: 'judged', judgements }
}
