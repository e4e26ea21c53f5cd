// Which refusals an operation may answer: those that follow from how its route is declared, and those of its feature's own
// rules, which the route lists in `config.refuses`. openapi.ts documents them; the tests' client compares answers with that.

import type { FastifyContextConfig, FastifySchema } from 'fastify'
import type { ProblemKind } from '../base/problem.ts'
import { OWN_PREFIX } from './generations.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the feature's own rules refuse. `invalid`: they also refuse requests that match the schema. */
    refuses?: readonly ProblemKind[]
    /** Of a POST outside `/v1`: it takes an Idempotency-Key, as those under `/v1` do. */
    takesKey?: boolean
  }
}

export const STATUS: Record<ProblemKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'wrong-method': 405,
  'too-slow': 408,
  conflict: 409,
  'too-large': 413,
  unsupported: 415,
  'too-many': 429,
  unavailable: 503,
  'storage-failed': 507,
}

export interface DeclaredRoute {
  method: string | string[]
  url: string
  schema?: FastifySchema
  config?: FastifyContextConfig
}

export function refusalsOf(route: DeclaredRoute): Set<ProblemKind> {
  const { access, refuses = [] } = route.config ?? {}
  // Any address may be malformed, and the database away.
  const kinds: ProblemKind[] = ['invalid', 'unavailable', ...refuses]
  if (access !== 'public' && access !== 'open') kinds.push('unauthenticated', 'forbidden')
  if (route.schema?.params) kinds.push('not-found')
  if (!isRead(route)) kinds.push('too-slow', 'too-large', 'unsupported')
  if (route.config?.upload) kinds.push('too-many', 'storage-failed')
  if (takesIdempotencyKey(route)) kinds.push('conflict', 'too-many')
  return new Set(kinds)
}

const isRead = ({ method }: DeclaredRoute) => [method].flat().every(each => each === 'GET' || each === 'HEAD')

/** Those of a viewer with an identity (idempotency.ts). */
export const takesIdempotencyKey = ({ method, url, config }: Pick<DeclaredRoute, 'method' | 'url' | 'config'>): boolean =>
  [method].flat().includes('POST') && (url.startsWith(`${OWN_PREFIX}/`) || config?.takesKey === true)

const DESCRIPTIONS: Record<ProblemKind, string> = {
  invalid: 'The request is not written as described here.',
  unauthenticated: 'A token is missing, has expired or is not valid.',
  forbidden: 'The token is valid, and not enough; or the account is frozen.',
  'not-found': 'There is no such thing, or it is not for this viewer.',
  'wrong-method': 'The path has other methods: those in `Allow`.',
  'too-slow': 'The body took too long to arrive.',
  conflict: 'It does not go with what is stored, or a request with this Idempotency-Key is under way.',
  'too-large': 'The body is too large.',
  unsupported: 'The body is of another type, compressed, or not written in UTF-8.',
  'too-many': 'Too many requests. `Retry-After` says how many seconds to wait.',
  unavailable: 'The service is busy or restarting. `Retry-After` says how many seconds to wait.',
  'storage-failed': 'The file could not be stored.',
}
/** Of `invalid`, where the feature declares it. */
const BROKEN_RULE = 'The request is not written as described here, or a rule forbids it; `message` says which.'

/** The responses of an OpenAPI operation by status, as references to REFUSAL_RESPONSES. */
export function refusalResponsesOf(route: DeclaredRoute): Record<string, { $ref: string }> {
  const prefix = route.url.startsWith(`${OWN_PREFIX}/`) ? 'own.' : ''
  // A key may have been used for another request.
  const hasRules = route.config?.refuses?.includes('invalid') || takesIdempotencyKey(route)
  const named = [...refusalsOf(route)].map(kind => {
    const name = kind === 'invalid' && hasRules ? 'rule' : kind
    return [STATUS[kind], { $ref: `#/components/responses/${prefix}${name}` }]
  })
  return { ...Object.fromEntries(named), 431: { $ref: '#/components/responses/too-long' } }
}

export const REFUSAL_RESPONSES = Object.fromEntries(
  Object.entries({ ...DESCRIPTIONS, rule: BROKEN_RULE }).flatMap(([name, description]) => {
    const kind = name === 'rule' ? 'invalid' : (name as ProblemKind)
    return [
      [name, responseOf(description, { message: { type: 'string' } })],
      [`own.${name}`, responseOf(description, { message: { type: 'string' }, code: { const: kind }, request_id: { type: 'string' } })],
    ]
  }),
)
// Before a route is looked for (malformed-http.ts), so in the form of every generation.
REFUSAL_RESPONSES['too-long'] = responseOf('The address or the headers are too long.', { message: { type: 'string' } })

function responseOf(description: string, properties: Record<string, object>) {
  const schema = { type: 'object', required: Object.keys(properties), properties }
  return { description, content: { 'application/json': { schema } } }
}
