// Everything that can go wrong for a reason a caller should hear. Whatever else is thrown is a bug: it is logged whole
// and answered with the request's id only. The edges translate kinds once: http/errors.ts and recommend/service.ts.

export type ProblemKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'too-large'
  | 'unsupported'
  | 'too-many'
  | 'unavailable'
  | 'too-slow'

export class Problem extends Error {
  readonly kind: ProblemKind
  /** Facts for the caller; sent only where the contract has a place for them. */
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
export const forbidden = (message: string) => new Problem('forbidden', message)
export const unauthenticated = (message: string) => new Problem('unauthenticated', message)
export const conflict = (message: string) => new Problem('conflict', message)
export const unavailable = (message: string) => new Problem('unavailable', message)
