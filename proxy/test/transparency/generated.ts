/** What no person wants to write: every harmless function and every harmless setting, from their lists. */
import type { Request } from './corpus.ts'

export function generatedFiles(_major: number): readonly { readonly file: string; readonly requests: readonly Request[] }[] {
  return []
}
