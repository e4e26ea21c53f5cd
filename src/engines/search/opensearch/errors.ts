import { errors } from '@opensearch-project/opensearch'
import { type Problem, unavailable } from '../../../base/problem.ts'

/** Too many requests, or an error of the server: the same write may succeed later. */
export const isTemporary = (status: number) => status === 429 || status >= 500

/** An error of a write that says nothing about what was written becomes `unavailable`. */
export function toUnavailable(err: Error): Error | Problem {
  const isAway =
    err instanceof errors.ResponseError
      ? isTemporary(err.statusCode ?? 0)
      : [errors.ConnectionError, errors.TimeoutError, errors.NoLivingConnectionsError].some(kind => err instanceof kind)
  return isAway ? unavailable(`OpenSearch does not answer: ${err.message}`) : err
}
