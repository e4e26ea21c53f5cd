// Errors that a caller should hear about. Any other exception is a bug: it is logged with its stack, and the caller gets
// only the request's id. http/errors.ts maps the kinds to HTTP status codes, recommend/service.ts to gRPC codes.

export type ProblemKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'wrong-method'
  | 'conflict'
  | 'too-large'
  | 'unsupported'
  | 'too-many'
  | 'unavailable'
  | 'too-slow'
  | 'storage-failed'

export class Problem extends Error {
  readonly kind: ProblemKind
  /** Data about the problem. `reason`, `field` and the `words` of a text are sent; the rest where the contract has a field for it. */
  readonly details: Record<string, unknown>

  constructor(kind: ProblemKind, message: string, details: Record<string, unknown> = {}) {
    super(message)
    this.name = 'Problem'
    this.kind = kind
    this.details = details
  }
}

export const invalid = (message: string, details?: Record<string, unknown>) => new Problem('invalid', message, details)
export const notFound = (message: string) => new Problem('not-found', message)
export const forbidden = (message: string, details?: Record<string, unknown>) => new Problem('forbidden', message, details)
export const unauthenticated = (message: string) => new Problem('unauthenticated', message)
export const conflict = (message: string, details?: Record<string, unknown>) => new Problem('conflict', message, details)
/** `retryAfter`: seconds. */
export const tooMany = (retryAfter: number, message = 'Too many requests.') => new Problem('too-many', message, { retryAfter })
export const unavailable = (message: string) => new Problem('unavailable', message)
