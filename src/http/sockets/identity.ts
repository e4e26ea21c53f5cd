// Who opened a socket. A missing, malformed or expired token is no reason to refuse it: the client is anonymous.

import { isMissing } from '../../base/missing.ts'
import type { Authenticate, ReaderTokenResult } from '../bearer-token.ts'

/** The part of the library's handshake that may hold a token. `auth` exists only in newer clients. */
export interface Handshake {
  query: Record<string, unknown>
  auth?: Record<string, unknown>
}

export type SocketReader = Extract<ReaderTokenResult, { kind: 'reader' }>

/** Undefined for an anonymous client. Throws if the token cannot be checked now. */
export async function findSocketReader({ query, auth }: Handshake, authenticate: Authenticate): Promise<SocketReader | undefined> {
  const token = [auth?.token, query.token].find(each => typeof each === 'string' && !isMissing(each))
  if (typeof token !== 'string') return undefined
  const result = await authenticate(token.replace(/^Bearer\s+/i, ''))
  return result.kind === 'reader' ? result : undefined
}
