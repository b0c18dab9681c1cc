/**
 * Twenty thousand relations as objects would fill the memory of a proxy; as one string each they do not. A row of text
 * fields becomes one flat string here, and is taken apart again only for what a statement names.
 */
import type { Field } from './query.ts'

const separator = '\u001f'
const mark = '\u001e'
const absent = '\u001e-'

/** Several fields in one string. Any text survives it, NULL too. */
export function pack(fields: readonly Field[]): string {
  return fields.map(packField).join(separator)
}

export function unpack(text: string): readonly Field[] {
  return text.split(separator).map(unpackField)
}

function packField(field: Field): string {
  if (field === null) return absent
  if (!field.includes(separator) && !field.includes(mark)) return field
  return field.replaceAll(mark, `${mark}0`).replaceAll(separator, `${mark}1`)
}

function unpackField(field: string): Field {
  if (!field.includes(mark)) return field
  if (field === absent) return null
  return field.replaceAll(`${mark}1`, separator).replaceAll(`${mark}0`, mark)
}

/** The elements of a one-dimensional array as PostgreSQL prints it: `{a,"b c",NULL}`. NULL comes back as ''. */
export function arrayElements(text: Field): readonly string[] {
  if (text === null || text === '{}' || text === '') return []
  const inside = text.slice(1, -1)
  return inside.includes('"') ? quotedElements(inside) : inside.split(',').map(plainElement)
}

const element = /"((?:[^"\\]|\\.)*)"|([^,"]+)/gsu

function quotedElements(inside: string): readonly string[] {
  return [...inside.matchAll(element)].map(
    ([, quoted, plain = '']) => quoted?.replace(/\\(.)/gsu, '$1') ?? plainElement(plain),
  )
}

// The word NULL as a value is quoted.
function plainElement(text: string): string {
  return text === 'NULL' ? '' : text
}

/** Object identifiers out of an array's text. */
export function oidElements(text: Field): readonly number[] {
  return arrayElements(text).map(Number)
}
