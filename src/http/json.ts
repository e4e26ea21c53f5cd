// JSON with 64-bit integers kept exact, both ways. JavaScript's numbers end at 2^53; ids do not.

import { invalid, type Problem } from '../base/problem.ts'

const BIG_DIGITS = /\d{16}/ // 2^53 has 16 digits: a shorter number is exact anyway

/** Parses a body. An empty one is null, as some clients send `Content-Type: application/json` with nothing behind it. */
export function parseBody(text: string): unknown {
  if (text.trim() === '') return null
  try {
    return JSON.parse(text, BIG_DIGITS.test(text) ? reviveExactly : revive)
  } catch (err) {
    // A body nested deeper than the stack is as broken as one with a missing brace.
    throw isProblem(err) ? err : invalid('The request body is not valid JSON.')
  }
}

/** Writes any answer that has no schema of its own; ids come out as digits. */
export function stringify(value: unknown): string {
  return JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? JSON.rawJSON(part.toString()) : part))
}

function revive(key: string, value: unknown): unknown {
  // Such a key would reach prototypes wherever a body is copied or merged.
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
