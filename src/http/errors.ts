// Turns errors into responses: the status of each kind of problem, and the contract's body `{message}`.

import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../base/log.ts'
import { Problem, type ProblemKind } from '../base/problem.ts'
import { isDatabaseUnavailable } from '../engines/database/database.ts'
import { OWN_PREFIX } from './generations.ts'
import { describeMistakes } from './validation-message.ts'

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
  'storage-failed': 507,
}

export const NOT_FOUND = 'The requested URL was not found on the server.'
export const NOT_JSON = 'The content type must be application/json.'

/** Under `/v1` the body also has the problem's kind and the id under which the log has the request. */
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
    if (problem.kind === 'unavailable' || problem.kind === 'too-many') reply.header('retry-after', String(problem.details.retryAfter ?? 1))
    // The rest of the refused body is not read, so the connection cannot be reused.
    if ((problem.kind === 'too-large' && !problem.details.keepsConnection) || problem.kind === 'too-slow')
      reply.header('connection', 'close')
    return reply.code(STATUS[problem.kind]).send(errorBody(request, problem.kind, problem.message))
  }
}

export const sendNotFound = (request: FastifyRequest, reply: FastifyReply) =>
  reply.code(404).send(errorBody(request, 'not-found', NOT_FOUND))

function toProblem(error: FastifyError | Error): Problem | undefined {
  if ('validation' in error && error.validation) {
    const source = error.validationContext ?? 'body'
    // A path parameter that does not match its schema: no such resource.
    if (source === 'params') return new Problem('not-found', NOT_FOUND)
    return new Problem('invalid', describeMistakes(error.validation, source))
  }
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new Problem('too-large', 'The request body is too large.')
  if (code === 'FST_ERR_MAX_PARAM_LENGTH') return new Problem('not-found', NOT_FOUND)
  if (code === 'FST_ERR_BAD_URL') return new Problem('invalid', 'The address is not written as a URL must be.')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new Problem('unsupported', NOT_JSON)
  if (isDatabaseUnavailable(error)) return new Problem('unavailable', 'The service is busy or restarting. Please try again.')
  const status = 'statusCode' in error ? error.statusCode : undefined
  if (status && status >= 400 && status < 500) return new Problem(status === 404 ? 'not-found' : 'invalid', error.message)
  return undefined
}
