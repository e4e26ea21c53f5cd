// JSON with exact 64-bit integers: ids are larger than the integers that JavaScript's numbers hold exactly (2^53).

import { invalid } from './problem.ts'
import { assertWellFormed } from './text.ts'

/**
 * Text whose values have to be looked at: numbers of 16 digits may exceed 2^53, a key may be `__proto__`, also with escapes, and
 * an escape may be half a character. Digits that follow a quote are an id as text.
 */
const NEEDS_REVIVER = /(?:^|[\s:,[-])\d{16}|__proto__|\\u00|\\u[dD][89a-fA-F]/

/**
 * Parses JSON of any size. Empty text is null: some clients send `Content-Type: application/json` without a body. A reviver
 * costs many times as much as the parser, so only text that needs one gets it.
 */
export function parseJson(text: string): unknown {
  if (text.trim() === '') return null
  return NEEDS_REVIVER.test(text) ? JSON.parse(text, revive) : JSON.parse(text)
}

function revive(key: string, value: unknown, { source }: { source?: string } = {}): unknown {
  // Copying or merging a body with this key would change prototypes.
  if (key === '__proto__') throw invalid('The request body has a key that is not allowed.')
  if (typeof value === 'string') assertWellFormed('The request body', value)
  if (typeof value === 'number' && source && !Number.isSafeInteger(value) && /^-?\d{1,40}$/.test(source)) return BigInt(source)
  return value
}

declare global {
  interface JSON {
    rawJSON(text: string): unknown
    parse(text: string, reviver: (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown): unknown
  }
}
