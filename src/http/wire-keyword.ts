// The validator's keyword `wire` (wire.ts): it checks a value as clients send it and replaces it by the parsed value.

import type { Ajv } from 'ajv'
import { readId } from '../base/id.ts'

export type WireType = 'id' | 'int' | 'bool' | 'timestamp'

export interface WireSchema {
  wire: WireType
  /** Null is accepted too. */
  orNull?: boolean
  minimum?: number
  maximum?: number
}

/** The largest exact number, 2^53, has so many. */
export const INT_DIGITS_MAX = 16
/** Longer than any clock; clients put anything here. */
export const TIMESTAMP_DIGITS_MAX = 64
const INT = new RegExp(`^(?:-?[0-9]{1,${INT_DIGITS_MAX}}|"[0-9]{1,${INT_DIGITS_MAX}}")$`)
const TIMESTAMP = new RegExp(`^(?:[0-9]{1,${TIMESTAMP_DIGITS_MAX}}|"[0-9]{1,${TIMESTAMP_DIGITS_MAX}}")$`)

/** Each parser returns the parsed value, or undefined if the value is not valid. */
const PARSERS: Record<WireType, (value: unknown, schema: WireSchema) => unknown> = {
  id: readId,
  int(value, { minimum = 0, maximum = Number.MAX_SAFE_INTEGER }) {
    const number = typeof value === 'string' && INT.test(value) ? Number(value.replaceAll('"', '')) : value
    return typeof number === 'number' && Number.isInteger(number) && number >= minimum && number <= maximum ? number : undefined
  },
  bool(value) {
    if (value === true || value === 'true' || value === 1 || value === '1') return true
    return value === false || value === 'false' || value === 0 || value === '0' ? false : undefined
  },
  timestamp(value) {
    const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value
    if (typeof text !== 'string' || !TIMESTAMP.test(text)) return undefined
    const number = Number(text.replaceAll('"', ''))
    return number > 0 ? Math.min(number, Number.MAX_SAFE_INTEGER) : undefined
  },
}

export function addWireKeyword(ajv: Ajv): Ajv {
  ajv.addKeyword({
    keyword: 'wire',
    modifying: true,
    errors: false,
    compile: (wire: WireType, schema) => {
      const parse = PARSERS[wire]
      return (value, context) => {
        const isNull = (schema as WireSchema).orNull && (value === null || value === 'null')
        const parsed = isNull ? null : parse(value, schema as WireSchema)
        if (parsed === undefined) return false
        if (context) context.parentData[context.parentDataProperty] = parsed
        return true
      }
    },
  })
  return ajv
}
