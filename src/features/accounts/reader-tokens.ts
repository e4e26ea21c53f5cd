// Tokens of readers and creators. `user_id` is text, because one client reads it from the access token, and ids exceed the
// precision of JavaScript's numbers.

import type { Clock } from '../../base/clock.ts'
import { parseId, type ReaderId, type SessionId } from '../../base/id.ts'
import { createTokenPair, type PublicKey, type TokenKeys, type TokenPayload } from '../../base/token-pair.ts'

export interface ReaderClaims {
  readerId: ReaderId
  sessionId: SessionId
  /** May use the studio. */
  verified: boolean
  /** Of a refresh token: how many it has replaced (refresh-rules.ts). */
  generation: number
  /** Milliseconds since 1970. */
  expiresAt: number
}

export interface ReaderTokens {
  issueAccess(claims: Omit<ReaderClaims, 'expiresAt'>): Promise<string>
  issueRefresh(claims: Omit<ReaderClaims, 'expiresAt'>): Promise<string>
  /** Undefined unless the token is an access token of this installation that has not expired. */
  verifyAccess(token: string): Promise<ReaderClaims | undefined>
  /** The same for a refresh token. */
  verifyRefresh(token: string): Promise<ReaderClaims | undefined>
  publicKeys(): PublicKey[]
  onKeyRemoved: TokenKeys['onRemoved']
}

export function createReaderTokens({ keys, clock }: { keys: TokenKeys; clock: Clock }): ReaderTokens {
  const pair = createTokenPair({ keys, clock, purposes: { access: 'access token', refresh: 'refresh token', prefix: 'r' } })
  return {
    issueAccess: claims => pair.issueAccess(payloadOf(claims)),
    issueRefresh: claims => pair.issueRefresh({ ...payloadOf(claims), gen: claims.generation }),
    verifyAccess: token => pair.verifyAccess(token).then(parseClaims),
    verifyRefresh: token => pair.verifyRefresh(token).then(parseClaims),
    publicKeys: pair.publicKeys,
    onKeyRemoved: keys.onRemoved,
  }
}

const payloadOf = ({ readerId, sessionId, verified }: Omit<ReaderClaims, 'expiresAt'>) => ({
  user_id: readerId.toString(),
  sid: sessionId.toString(),
  ...(verified ? { verified: true } : {}),
})

function parseClaims(payload: TokenPayload | undefined): ReaderClaims | undefined {
  const readerId = typeof payload?.user_id === 'string' ? parseId(payload.user_id) : undefined
  const sessionId = typeof payload?.sid === 'string' ? parseId(payload.sid) : undefined
  if (!payload || !readerId || !sessionId) return undefined
  return {
    readerId: readerId as ReaderId,
    sessionId: sessionId as SessionId,
    verified: payload.verified === true,
    generation: typeof payload.gen === 'number' ? payload.gen : 0,
    expiresAt: payload.exp * 1000,
  }
}
