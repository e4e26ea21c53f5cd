// A value as Redis holds it: the stamp of those who may read it, the place in the log its loader had seen, and JSON, in
// which bigints and moments are marked. `-` stands for what is not there.

import type { Version } from './version.ts'

export const ABSENT = '-'

export function formatEntry(stamp: string, position: Version, value: unknown): string {
  return `${stamp}${position}|${value === undefined ? ABSENT : JSON.stringify(marked(value))}`
}

/** The value after `stamp`, which the caller has compared; throws when it is none. */
export function parseEntry<V>(stamp: string, text: string): V | undefined {
  const body = text.slice(stamp.length + 41)
  return body === ABSENT ? undefined : (JSON.parse(body, unmarked) as V)
}

function marked(value: unknown): unknown {
  if (typeof value === 'bigint') return { $n: value.toString() }
  if (value instanceof Date) return { $d: value.getTime() }
  if (Array.isArray(value)) return value.map(marked)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, marked(one)]))
}

function unmarked(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if ('$n' in value) return BigInt(value.$n as string)
  if ('$d' in value) return new Date(value.$d as number)
  return value
}
