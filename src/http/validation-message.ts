// Describes what is wrong with a request in one sentence.

import type { FastifySchemaValidationError } from 'fastify'
import type { Refusal } from './wire.ts'
import type { WireSchema, WireType } from './wire-keyword.ts'

type Mistake = FastifySchemaValidationError & { parentSchema?: Partial<WireSchema & Refusal> & LengthLimits }

/** `source`: the part of the request, such as `body`. Example: "channel_id must be a whole number from 0 to 2147483647". */
export function describeMistakes(mistakes: Mistake[], source: string): string {
  const [first] = mistakes
  if (!first) return 'The request is not valid.'
  // For a union the validator lists the mistakes of each alternative before that of the union.
  const union = mistakes.findIndex(one => one.keyword === 'anyOf' && one.instancePath === first.instancePath)
  const refusal = mistakes[union]?.parentSchema?.refusal ?? first.parentSchema?.refusal
  if (refusal) return refusal
  const field = first.instancePath.slice(1).replaceAll('/', '.')
  if (first.keyword === 'required') return `${[field, first.params.missingProperty].filter(Boolean).join('.')} is required`
  const name = field || `the ${source}`
  const alternatives = union < 0 ? [first] : mistakes.slice(0, union).filter(one => one.instancePath === first.instancePath)
  const [head, ...others] = new Set(alternatives.map(requirement))
  return [`${name} ${head}`, ...others.map(other => other.replace(/^must be /, ''))].join(' or ')
}

/** The field of the body that is wrong, unless the schema has a sentence of its own for it. */
export function mistakenField([first]: Mistake[]): string | undefined {
  if (!first || first.parentSchema?.refusal) return undefined
  return first.instancePath.split('/')[1] ?? (first.keyword === 'required' ? String(first.params.missingProperty) : undefined)
}

/** What the value must be. The validator's own messages are written for programmers. */
function requirement({ keyword, params, parentSchema = {} }: Mistake): string {
  if (keyword === 'wire') return REQUIREMENTS[parentSchema.wire ?? 'id'](parentSchema)
  if (keyword === 'type')
    return `must be ${String(params.type)
      .split(',')
      .map(type => TYPES[type] ?? type)
      .join(' or ')}`
  if (keyword === 'const' || keyword === 'enum') {
    const allowed = [params.allowedValue ?? params.allowedValues].flat()
    return `must be ${allowed.map(value => (value === '' ? 'empty' : value)).join(' or ')}`
  }
  if (keyword === 'minimum') return `must be ${params.limit} or more`
  if (keyword === 'maximum') return `must be ${params.limit} or less`
  if (keyword === 'minLength' || keyword === 'maxLength')
    return `must have ${range(parentSchema.minLength, parentSchema.storedMax ?? parentSchema.maxLength)} characters`
  if (keyword === 'minItems' || keyword === 'maxItems') return `must have ${range(parentSchema.minItems, parentSchema.maxItems)} entries`
  return 'is not written as it must be'
}

interface LengthLimits {
  minLength?: number
  maxLength?: number
  storedMax?: number
  minItems?: number
  maxItems?: number
}

function range(min = 0, max = Number.POSITIVE_INFINITY): string {
  if (max === Number.POSITIVE_INFINITY) return `at least ${min}`
  return min === 0 ? `at most ${max}` : `${min} to ${max}`
}

const TYPES: Record<string, string> = {
  string: 'text',
  array: 'a list',
  object: 'an object',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
}

const REQUIREMENTS: Record<WireType, (schema: Partial<WireSchema>) => string> = {
  id: () => 'must be an id',
  int: schema => `must be a whole number from ${schema.minimum ?? 0} to ${schema.maximum ?? Number.MAX_SAFE_INTEGER}`,
  bool: () => 'must be true or false',
  timestamp: () => 'must be a positive number of milliseconds',
}
