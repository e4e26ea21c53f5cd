// JSON with exact 64-bit integers: ids are larger than the integers that JavaScript's numbers hold exactly (2^53).

import { invalid, type Problem } from '../base/problem.ts'

const LARGE_NUMBER = /\d{16}/ // 2^53 has 16 digits; shorter numbers are exact

/** Parses a request body. An empty body is null: some clients send `Content-Type: application/json` without a body. */
export function parseBody(text: string): unknown {
  if (text.trim() === '') return null
  try {
    return JSON.parse(text, LARGE_NUMBER.test(text) ? reviveExactly : revive)
  } catch (err) {
    // Also reached when the nesting overflows the stack.
    throw isProblem(err) ? err : invalid('The request body is not valid JSON.')
  }
}

/** Serialises a value without a schema; ids become JSON numbers. */
export function stringify(value: unknown): string {
  return JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? JSON.rawJSON(part.toString()) : part))
}

function revive(key: string, value: unknown): unknown {
  // Copying or merging a body with this key would change prototypes.
  if (key === '__proto__') throw invalid('The request body has a key that is not allowed.')
  return value
}

function reviveExactly(key: string, value: unknown, { source }: { source?: string } = {}): unknown {
  if (typeof value === 'number' && source && !Number.isSafeInteger(value) && /^-?\d{1,40}$/.test(source)) return BigInt(source)
  return revive(key, value)
}

function isProblem(err: unknown): err is Problem {
  return err instanceof Error && err.name === 'Problem'
}

declare global {
  interface JSON {
    rawJSON(text: string): unknown
    parse(text: string, reviver: (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown): unknown
  }
}
