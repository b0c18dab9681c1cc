/**
 * One instance of PostgreSQL's grammar (libpg-query as WebAssembly), made by its module factory so that it can be thrown
 * away and made anew: after an exception that is not PostgreSQL's own error its C stack has leaked, and a leaking
 * instance has once returned a wrong tree (docs/adr: parser).
 */
import { setFlagsFromString } from 'node:v8'
import createModule from 'libpg-query/wasm/libpg-query.js'
import { BugError } from '../errors.ts'
import { sqlStateOf } from '../sql/parse-errors.ts'
import type { SqlRefusal } from '../sql/resolved.ts'

// The grammar is one huge function: V8's optimising compiler takes 600 MB for half a second to make it 15 % faster.
setFlagsFromString('--liftoff-only')

/** What the factory gives: the C functions that we call, and emscripten's helpers around them. */
export interface ParserModule {
  _malloc(bytes: number): number
  _free(pointer: number): void
  _wasm_parse_query_raw(text: number): number
  _wasm_free_parse_result(result: number): void
  _wasm_scan(text: number): number
  _wasm_free_string(text: number): void
  lengthBytesUTF8(text: string): number
  stringToUTF8(text: string, pointer: number, bytes: number): void
  UTF8ToString(pointer: number): string
  getValue(pointer: number, type: 'i32'): number
}

export type ParseOutcome = { readonly tree: unknown } | { readonly error: SqlRefusal }

export class Instance {
  readonly #module: ParserModule

  private constructor(module: ParserModule) {
    this.#module = module
  }

  static async create(): Promise<Instance> {
    return new Instance(await createModule())
  }

  /** Throws only when the instance is no longer fit for use. `text` must have passed `sql/guards`. */
  parse(text: string): ParseOutcome {
    return this.#withText(text, pointer => {
      const result = this.#module._wasm_parse_query_raw(pointer)
      if (result === 0) throw new BugError('the parser has no memory left')
      try {
        return this.#outcome(result, text)
      } finally {
        this.#module._wasm_free_parse_result(result)
      }
    })
  }

  /** The lexer's tokens. Slower than parsing; throws as `parse` does, and gives nothing for what cannot be lexed. */
  tokens(text: string): readonly Token[] | undefined {
    return this.#withText(text, pointer => {
      const result = this.#module._wasm_scan(pointer)
      try {
        const answer = this.#module.UTF8ToString(result)
        return answer.startsWith('{') ? (JSON.parse(answer) as { tokens: Token[] }).tokens : undefined
      } finally {
        this.#module._wasm_free_string(result)
      }
    })
  }

  /** The result is three pointers: tree as JSON, what was printed, and the error. */
  #outcome(result: number, text: string): ParseOutcome {
    const error = this.#module.getValue(result + 8, 'i32')
    if (error !== 0) return { error: this.#refusal(error, text) }
    const tree = this.#module.getValue(result, 'i32')
    if (tree === 0) throw new BugError('the parser answered nothing')
    return { tree: JSON.parse(this.#module.UTF8ToString(tree)) }
  }

  /** The error is message, C function and file, a line, and a position in characters, counted from 1; 0 is none. */
  #refusal(error: number, text: string): SqlRefusal {
    const message = this.#module.UTF8ToString(this.#module.getValue(error, 'i32'))
    const raisedIn = this.#module.UTF8ToString(this.#module.getValue(error + 4, 'i32'))
    const position = this.#module.getValue(error + 16, 'i32')
    return {
      sqlState: sqlStateOf(message, raisedIn),
      message,
      ...(position > 0 ? { location: Buffer.byteLength([...text].slice(0, position - 1).join('')) } : {}),
    }
  }

  #withText<T>(text: string, use: (pointer: number) => T): T {
    const bytes = this.#module.lengthBytesUTF8(text) + 1
    const pointer = this.#module._malloc(bytes)
    if (pointer === 0) throw new BugError('the parser has no memory left')
    try {
      this.#module.stringToUTF8(text, pointer, bytes)
      return use(pointer)
    } finally {
      this.#module._free(pointer)
    }
  }
}

export interface Token {
  readonly start: number
  readonly end: number
  readonly tokenName: string
  readonly text: string
}
