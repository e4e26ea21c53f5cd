// Tokens of administrators. They have keys of their own and `administrator_id` instead of `user_id`, so that no token passes
// as another kind.

import type { Clock } from '../../base/clock.ts'
import { type AdministratorId, type AdministratorSessionId, parseId } from '../../base/id.ts'
import { createTokenPair, type TokenKeys, type TokenPayload } from '../../base/token-pair.ts'

export interface AdminClaims {
  administratorId: AdministratorId
  sessionId: AdministratorSessionId
  /** Milliseconds since 1970. */
  expiresAt: number
}

export type AdminTokens = ReturnType<typeof createAdminTokens>

export function createAdminTokens({ keys, clock }: { keys: TokenKeys; clock: Clock }) {
  const purposes = { access: 'administrator access token', refresh: 'administrator refresh token', prefix: 'a' }
  const pair = createTokenPair({ keys, clock, purposes })
  return {
    issueAccess: (claims: Omit<AdminClaims, 'expiresAt'>) => pair.issueAccess(payloadOf(claims)),
    issueRefresh: (claims: Omit<AdminClaims, 'expiresAt'>) => pair.issueRefresh(payloadOf(claims)),
    /** Undefined unless the token is an administrator's access token of this installation that has not expired. */
    verifyAccess: (token: string) => pair.verifyAccess(token).then(parseClaims),
    verifyRefresh: (token: string) => pair.verifyRefresh(token).then(parseClaims),
    publicKeys: pair.publicKeys,
    onKeyRemoved: keys.onRemoved,
  }
}

const payloadOf = ({ administratorId, sessionId }: Omit<AdminClaims, 'expiresAt'>) => ({
  administrator_id: administratorId.toString(),
  sid: sessionId.toString(),
})

function parseClaims(payload: TokenPayload | undefined): AdminClaims | undefined {
  const administratorId = typeof payload?.administrator_id === 'string' ? parseId(payload.administrator_id) : undefined
  const sessionId = typeof payload?.sid === 'string' ? parseId(payload.sid) : undefined
  if (!payload || !administratorId || !sessionId) return undefined
  return {
    administratorId: administratorId as AdministratorId,
    sessionId: sessionId as AdministratorSessionId,
    expiresAt: payload.exp * 1000,
  }
}
