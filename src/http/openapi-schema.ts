// Our schemas as standard JSON Schema: `wire` and `storedMax` (wire.ts) become types, patterns and bounds that admit what the
// validator admits.

import { ID_MAX } from '../base/id.ts'
import { digitsBetween } from './digits-pattern.ts'
import type { Refusal } from './wire.ts'
import { INT_DIGITS_MAX, TIMESTAMP_DIGITS_MAX, type WireSchema } from './wire-keyword.ts'

type Schema = Record<string, unknown>

/** Where a value is. In addresses and headers every value is text. */
export type Place = 'body' | 'address' | 'response'

export function toStandardSchema(schema: unknown, place: Place): unknown {
  if (Array.isArray(schema)) return schema.map(part => toStandardSchema(part, place))
  if (typeof schema !== 'object' || schema === null) return schema
  const { refusal: _, nullable, ...shown } = schema as Schema & Partial<Refusal>
  if (nullable) shown.type = [shown.type, 'null'] // OpenAPI 3.1 has no `nullable`; the serialiser knows nothing else
  if ('wire' in shown) return standardTypeOf(shown as unknown as WireSchema, place)
  if ('storedMax' in shown) {
    const { storedMax, ...standard } = shown
    return { ...standard, description: `At most ${storedMax} characters, after letters are composed and control characters removed.` }
  }
  return Object.fromEntries(Object.entries(shown).map(([key, part]) => [key, toStandardSchema(part, place)]))
}

function standardTypeOf({ wire, orNull = false, minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: WireSchema, place: Place): Schema {
  if (wire === 'id') return { [NAME]: `Id${orNull ? 'OrNull' : ''}${place === 'body' ? '' : 'Text'}` }
  if (wire === 'timestamp') return { type: 'string', maxLength: TIMESTAMP_DIGITS_MAX + QUOTES, pattern: TIMESTAMP }
  if (wire === 'bool') {
    if (place === 'response') return { type: 'boolean' }
    return place === 'address' ? { type: 'string', enum: BOOLEANS } : { enum: [true, false, 1, 0, ...BOOLEANS] }
  }
  const number = { type: 'integer', format: 'int64', minimum, maximum }
  if (place !== 'body') return number
  const digits = digitsBetween(BigInt(minimum), BigInt(maximum), '0*')
  const maxLength = INT_DIGITS_MAX + QUOTES
  return {
    anyOf: [number, { type: 'string', maxLength, pattern: `^(?="?-?[0-9]{1,${INT_DIGITS_MAX}}"?$)(?:${digits}|"(?!-)${digits}")$` }],
  }
}

/** Some clients send numbers in quotes. */
const QUOTES = 2
const BOOLEANS = ['true', 'false', '1', '0']
const TIMESTAMP = `^(?:(?!0+$)[0-9]{1,${TIMESTAMP_DIGITS_MAX}}|"(?!0+"$)[0-9]{1,${TIMESTAMP_DIGITS_MAX}}")$`
const ID = digitsBetween(1n, ID_MAX)
const idText = (more = '') => ({ type: 'string', maxLength: ID_MAX.toString().length + QUOTES, pattern: `^(?:${ID}|"${ID}"${more})$` })
const idNumber = { type: 'integer', format: 'int64', minimum: 1, maximum: ID_MAX }

/** Referred to by name, because their patterns are long. */
export const NAMED_SCHEMAS: Schema = {
  Id: { anyOf: [idNumber, idText()] },
  IdText: idText(),
  IdOrNull: { anyOf: [idNumber, idText('|null'), { type: 'null' }] },
  IdOrNullText: idText('|null'),
}
/** The library would rewrite a `$ref`; it leaves extensions alone. */
const NAME = 'x-named'

/** Replaces the names in a complete document by references. */
export function referToNamedSchemas(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(referToNamedSchemas)
  if (typeof part !== 'object' || part === null) return part
  if (NAME in part) return { $ref: `#/components/schemas/${part[NAME]}` }
  return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, referToNamedSchemas(inner)]))
}
