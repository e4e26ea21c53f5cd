// A value as Redis holds it: the namespace of those who may read it, the version, `|` and JSON in which bigints and dates are
// marked. `-` in place of the JSON means that there is no such row.

import { VERSION_MIN, type Version } from './version.ts'

const ABSENT = '-'

export function formatEntry(namespace: string, version: Version, value: unknown): string {
  return `${namespace}${version}|${value === undefined ? ABSENT : JSON.stringify(mark(value))}`
}

/** `namespace` must be how `text` begins. Throws if the rest is not an entry. */
export function parseEntry<V>(namespace: string, text: string): V | undefined {
  const body = text.slice(namespace.length + VERSION_MIN.length + 1)
  return body === ABSENT ? undefined : (JSON.parse(body, unmark) as V)
}

function mark(value: unknown): unknown {
  if (typeof value === 'bigint') return { $n: value.toString() }
  if (value instanceof Date) return { $d: value.getTime() }
  if (Array.isArray(value)) return value.map(mark)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, property]) => [name, mark(property)]))
}

function unmark(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if ('$n' in value) return BigInt(value.$n as string)
  if ('$d' in value) return new Date(value.$d as number)
  return value
}
