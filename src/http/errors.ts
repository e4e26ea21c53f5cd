// Turns errors into responses: the status of each kind of problem, and the contract's body `{message}`.

import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../base/log.ts'
import { Problem, type ProblemKind } from '../base/problem.ts'
import { isDatabaseUnavailable } from '../engines/database/database.ts'
import { OWN_PREFIX } from './generations.ts'
import type { MethodsOf } from './methods.ts'
import { STATUS } from './refusals.ts'
import { describeMistakes, mistakenField } from './validation-message.ts'

export const NOT_FOUND = 'The requested URL was not found on the server.'
export const NOT_JSON = 'The content type must be application/json.'

/**
 * For clients that say it in their own words, the body names what they may need: `reason`, which rule of that kind; `field`, which part of
 * the request; `words`, which of a text. Under `/v1` it also has the problem's kind, and the id under which the log has the request.
 */
export function errorBody(
  request: FastifyRequest,
  kind: ProblemKind | 'internal',
  message: string,
  { reason, field, words }: Problem['details'] = {},
) {
  const named = { ...(reason ? { reason } : {}), ...(field ? { field } : {}), ...(words ? { words } : {}) }
  if (!request.url.startsWith(`${OWN_PREFIX}/`)) return { message, ...named }
  return { message, code: kind, request_id: request.id, ...named }
}

export function createErrorHandler(log: Log, answerNotFound = createNotFoundHandler(() => [])) {
  return (error: FastifyError | Problem | Error, request: FastifyRequest, reply: FastifyReply) => {
    // A path parameter that does not match its schema: no such resource.
    if ('validation' in error && error.validationContext === 'params') return answerNotFound(request, reply)
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
    return reply.code(STATUS[problem.kind]).send(errorBody(request, problem.kind, problem.message, problem.details))
  }
}

/** For paths without a route, for methods that a path does not have, and for ids that are none. */
export function createNotFoundHandler(methodsOf: MethodsOf) {
  return (request: FastifyRequest, reply: FastifyReply) => {
    const methods = methodsOf(request.url)
    if (methods.length === 0 || methods.includes(request.method)) return reply.code(404).send(errorBody(request, 'not-found', NOT_FOUND))
    const message = `${request.method} is not possible here. Possible: ${methods.join(', ')}.`
    return reply
      .code(405)
      .header('allow', methods.join(', '))
      .send(errorBody(request, 'wrong-method', message))
  }
}

function toProblem(error: FastifyError | Error): Problem | undefined {
  if ('validation' in error && error.validation) {
    const context = error.validationContext ?? 'body'
    const field = context === 'body' ? mistakenField(error.validation) : undefined
    return new Problem('invalid', describeMistakes(error.validation, context), { field })
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
