// Teaches the validator the keyword `wire` of http/wire.ts: it checks a value as clients write it and puts in its place
// the value that handlers want. Also says in one sentence what is wrong with a request.

import type { Ajv } from 'ajv'
import type { FastifySchemaValidationError } from 'fastify'
import { readId } from '../base/id.ts'
import type { Refusal } from './wire.ts'

type Wire = 'id' | 'int' | 'bool' | 'stamp'
interface Limits {
  wire: Wire
  orNull?: boolean
  minimum?: number
  maximum?: number
}

/** Returns what the handler gets, or undefined when the value is not of this kind. */
const readers: Record<Wire, (value: unknown, limits: Limits) => unknown> = {
  id: readId,
  int(value, { minimum = 0, maximum = Number.MAX_SAFE_INTEGER }) {
    const number = typeof value === 'string' && /^(?:-?\d{1,15}|"\d{1,15}")$/.test(value) ? Number(value.replaceAll('"', '')) : value
    return typeof number === 'number' && Number.isInteger(number) && number >= minimum && number <= maximum ? number : undefined
  },
  bool(value) {
    if (value === true || value === 'true' || value === 1 || value === '1') return true
    return value === false || value === 'false' || value === 0 || value === '0' ? false : undefined
  },
  stamp(value) {
    const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value
    if (typeof text !== 'string' || !/^(?:\d{1,64}|"\d{1,64}")$/.test(text)) return undefined
    const number = Number(text.replaceAll('"', ''))
    return number > 0 ? Math.min(number, Number.MAX_SAFE_INTEGER) : undefined
  },
}

export function addWireKeyword(ajv: Ajv): Ajv {
  ajv.addKeyword({
    keyword: 'wire',
    modifying: true,
    errors: false,
    compile: (wire: Wire, limits) => {
      const read = readers[wire]
      return (value, context) => {
        const none = (limits as Limits).orNull && (value === null || value === 'null')
        const wanted = none ? null : read(value, limits as Limits)
        if (wanted === undefined) return false
        if (context) context.parentData[context.parentDataProperty] = wanted
        return true
      }
    },
  })
  return ajv
}

type Mistake = FastifySchemaValidationError & { parentSchema?: Partial<Limits & Refusal> & Bounds }

/** One sentence about the first mistake, e.g. "channel_id must be a whole number from 0 to 2147483647". */
export function describeMistakes(mistakes: Mistake[], where: string): string {
  const [first] = mistakes
  if (!first) return 'The request is not valid.'
  // Where there is a choice, each that it is not comes before the choice itself.
  const choice = mistakes.findIndex(one => one.keyword === 'anyOf' && one.instancePath === first.instancePath)
  const refusal = mistakes[choice]?.parentSchema?.refusal ?? first.parentSchema?.refusal
  if (refusal) return refusal
  const field = first.instancePath.slice(1).replaceAll('/', '.')
  if (first.keyword === 'required') return `${[field, first.params.missingProperty].filter(Boolean).join('.')} is required`
  const name = field || `the ${where === 'body' ? 'body' : where}`
  const all = choice < 0 ? [first] : mistakes.slice(0, choice).filter(one => one.instancePath === first.instancePath)
  const [one, ...others] = new Set(all.map(wanted))
  return [`${name} ${one}`, ...others.map(other => other.replace(/^must be /, ''))].join(' or ')
}

/** The validator's own words for these are written for programmers. */
function wanted({ keyword, params, parentSchema = {} }: Mistake): string {
  if (keyword === 'wire') return WANTED[parentSchema.wire ?? 'id'](parentSchema)
  if (keyword === 'type')
    return `must be ${String(params.type)
      .split(',')
      .map(type => TYPES[type] ?? type)
      .join(' or ')}`
  if (keyword === 'const' || keyword === 'enum') return `must be ${[params.allowedValue ?? params.allowedValues].flat().join(' or ')}`
  if (keyword === 'minimum') return `must be ${params.limit} or more`
  if (keyword === 'maximum') return `must be ${params.limit} or less`
  if (keyword === 'minLength' || keyword === 'maxLength')
    return `must have ${amount(parentSchema.minLength, parentSchema.maxLength)} characters`
  if (keyword === 'minItems' || keyword === 'maxItems') return `must have ${amount(parentSchema.minItems, parentSchema.maxItems)} entries`
  return 'is not written as it must be'
}

interface Bounds {
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
}

function amount(least = 0, most = Number.POSITIVE_INFINITY): string {
  if (most === Number.POSITIVE_INFINITY) return `at least ${least}`
  return least === 0 ? `at most ${most}` : `${least} to ${most}`
}

const TYPES: Record<string, string> = {
  string: 'text',
  array: 'a list',
  object: 'an object',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
}

const WANTED: Record<Wire, (limits: Partial<Limits>) => string> = {
  id: () => 'must be an id',
  int: limits => `must be a whole number from ${limits.minimum ?? 0} to ${limits.maximum ?? Number.MAX_SAFE_INTEGER}`,
  bool: () => 'must be true or false',
  stamp: () => 'must be a positive number of milliseconds',
}
