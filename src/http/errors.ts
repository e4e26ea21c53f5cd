// Turns whatever went wrong into the contract's shape: `{message}` with a text, on every prefix. The one table that says
// which kind of problem is which status.

import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../base/log.ts'
import { Problem, type ProblemKind } from '../base/problem.ts'
import { isDatabaseUnavailable } from '../engines/database/database.ts'
import { OWN_PREFIX } from './generations.ts'
import { describeMistakes } from './wire-keyword.ts'

const STATUS: Record<ProblemKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'too-slow': 408,
  conflict: 409,
  'too-large': 413,
  unsupported: 415,
  'too-many': 429,
  unavailable: 503,
}

export const NOT_FOUND = 'The requested URL was not found on the server.'
export const NOT_JSON = 'The content type must be application/json.'

/** Our own generation also says which kind of mistake it was, and how its request is called in our log. */
export function errorBody(request: FastifyRequest, kind: ProblemKind | 'internal', message: string) {
  if (!request.url.startsWith(`${OWN_PREFIX}/`)) return { message }
  return { message, code: kind, request_id: request.id }
}

export function createErrorHandler(log: Log) {
  return (error: FastifyError | Problem | Error, request: FastifyRequest, reply: FastifyReply) => {
    const problem = error instanceof Problem ? error : toProblem(error)
    if (!problem) {
      log.error({ err: error, id: request.id, method: request.method, route: request.routeOptions.url }, 'request failed')
      const message = `Something went wrong on our side. Please report request ${request.id}.`
      return reply.code(500).send(errorBody(request, 'internal', message))
    }
    // Whoever is told to wait should be told for how long.
    if (problem.kind === 'unavailable' || problem.kind === 'too-many') reply.header('retry-after', String(problem.details.retryAfter ?? 1))
    // What is left of a refused body is not read: the connection is of no more use.
    if (problem.kind === 'too-large' || problem.kind === 'too-slow') reply.header('connection', 'close')
    return reply.code(STATUS[problem.kind]).send(errorBody(request, problem.kind, problem.message))
  }
}

export const sendNotFound = (request: FastifyRequest, reply: FastifyReply) =>
  reply.code(404).send(errorBody(request, 'not-found', NOT_FOUND))

function toProblem(error: FastifyError | Error): Problem | undefined {
  if ('validation' in error && error.validation) {
    const where = error.validationContext ?? 'body'
    // A path that fits no pattern is an address that does not exist.
    if (where === 'params') return new Problem('not-found', NOT_FOUND)
    return new Problem('invalid', describeMistakes(error.validation, where))
  }
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new Problem('too-large', 'The request body is too large.')
  // A part of an address that is too long for any, fits none either.
  if (code === 'FST_ERR_MAX_PARAM_LENGTH') return new Problem('not-found', NOT_FOUND)
  if (code === 'FST_ERR_BAD_URL') return new Problem('invalid', 'The address is not written as a URL must be.')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new Problem('unsupported', NOT_JSON)
  if (isDatabaseUnavailable(error)) return new Problem('unavailable', 'The service is busy or restarting. Please try again.')
  const status = 'statusCode' in error ? error.statusCode : undefined
  if (status && status >= 400 && status < 500) return new Problem(status === 404 ? 'not-found' : 'invalid', error.message)
  return undefined
}
