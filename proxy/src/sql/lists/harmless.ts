/** Whether a function of the catalog is harmless by itself: the question that policy asks of every candidate. */
import type { FunctionEntry, ServerMajor } from '../catalog.ts'
import { harmlessExtensionFunction } from './extensions.ts'
import { type ExclusionReason, harmlessFunction } from './functions.ts'

const somebodys: ExclusionReason = {
  class: 'Unlisted',
  text: 'is neither built in nor of an extension that was looked at',
}

/**
 * An extension's member is judged as that, wherever it lies: adminpack puts its own into pg_catalog. Class 'Settings' is
 * for the caller to judge by the setting's name; the others are for a policy that allows the function by name.
 */
export function harmlessEntry(server: ServerMajor, entry: FunctionEntry): true | ExclusionReason {
  // What the lists hold are plain names: one with dots or parentheses would read like somebody else's signature.
  if (!/^\w+$/.test(entry.name)) return somebodys
  const signature = `${entry.name}(${entry.args.join(', ')})`
  if (entry.extension !== undefined) return harmlessExtensionFunction(entry.extension, signature)
  if (entry.schema === 'pg_catalog') return harmlessFunction(server, signature)
  return entry.schema === 'information_schema' ? harmlessFunction(server, `information_schema.${signature}`) : somebodys
}
