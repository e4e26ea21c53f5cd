// Teaches the validator the keyword `wire` of base/wire.ts: it checks a value as clients write it and puts in its place
// the value that handlers want. Also says in one sentence what is wrong with a request.

import type { Ajv } from 'ajv'
import type { FastifySchemaValidationError } from 'fastify'
import { readId } from '../base/id.ts'
import type { Refusal } from '../base/wire.ts'

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

/** One sentence about the first mistake, e.g. "channel_id must be a whole number from 0 to 2147483647". */
export function explain(error: FastifySchemaValidationError | undefined, where: string): string {
  if (!error) return 'The request is not valid.'
  const { refusal } = (error as { parentSchema?: Partial<Refusal> }).parentSchema ?? {}
  if (refusal) return refusal
  const field = error.instancePath.slice(1).replaceAll('/', '.')
  if (error.keyword === 'required') return `${[field, error.params.missingProperty].filter(Boolean).join('.')} is required`
  const name = field || `the ${where === 'body' ? 'body' : where}`
  if (error.keyword !== 'wire') return `${name} ${error.message ?? 'is not valid'}`
  const limits = (error as { parentSchema?: Limits }).parentSchema
  return `${name} ${WANTED[limits?.wire ?? 'id'](limits)}`
}

const WANTED: Record<Wire, (limits: Limits | undefined) => string> = {
  id: () => 'must be an id',
  int: limits => `must be a whole number from ${limits?.minimum ?? 0} to ${limits?.maximum ?? Number.MAX_SAFE_INTEGER}`,
  bool: () => 'must be true or false',
  stamp: () => 'must be a positive number of milliseconds',
}
