// The sessions of readers: a sign-in starts one, its refresh tokens form a family, and the reader can list and end them. A
// session is a row, so that ending it ends all its tokens.

import type { Clock } from '../../base/clock.ts'
import type { ReaderId, SessionId } from '../../base/id.ts'
import { forbidden, notFound } from '../../base/problem.ts'
import type { SecurityLog } from '../../base/security-log.ts'
import { REFRESH_SECONDS } from '../../base/token-pair.ts'
import { cacheVerifiedTokens } from '../../base/verified-token-cache.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import type { ReaderTokenResult } from '../../http/bearer-token.ts'
import type { ReaderClaims, ReaderTokens } from './reader-tokens.ts'
import { decideRefresh } from './refresh-rules.ts'
import type { SessionStates } from './session-states.ts'
import {
  confirmRefreshToken,
  countRetry,
  createSession,
  endSessions,
  findEndedSessions,
  listSessions,
  lockSession,
  rotateRefreshToken,
  type SessionChoice,
  type SessionClient,
  type SessionSurface,
} from './sessions.sql.ts'

export interface Needs {
  db: Db
  newId: () => bigint
  tokens: ReaderTokens
  states: SessionStates
  clock: Clock
  securityLog: SecurityLog
}

export type Sessions = ReturnType<typeof createSessions>

const CACHED_TOKENS_MAX = 10_000 // tokens; some 5 MB
const LISTED_MAX = 100
/** However often its refresh token is replaced, a reader signs in again after this time. */
const SESSION_SECONDS_MAX = 90 * 86_400

export function createSessions({ db, newId, tokens, states, clock, securityLog }: Needs) {
  const verified = cacheVerifiedTokens({ read: tokens.verifyAccess, clock, tokensMax: CACHED_TOKENS_MAX })
  tokens.onKeyRemoved(verified.clear)

  function noteEnded(readerId: ReaderId, ended: SessionId[]): void {
    states.drop(ended)
    for (const session of ended) securityLog('reader signed out', { reader: readerId, session })
  }

  async function end(readerId: ReaderId, choice: SessionChoice): Promise<number> {
    const ended = await endSessions(db, readerId, choice, 'ended')
    noteEnded(readerId, ended)
    return ended.length
  }

  /** The verdict on a refresh token. Returns the generation of the token to issue; undefined if none is. */
  async function useRefreshToken(tx: Tx, { sessionId, readerId, generation }: ReaderClaims, rotate: boolean) {
    const session = await lockSession(tx, sessionId, readerId)
    if (!session || session.frozen || !session.live) return { session }
    const decision = decideRefresh(session, generation)
    if (decision === 'replayed') await endSessions(tx, readerId, { only: sessionId }, 'replayed')
    if (decision === 'replayed' || decision === 'unknown') return { session, decision }
    if (decision === 'retry') await countRetry(tx, sessionId)
    if (decision === 'current' && rotate)
      await rotateRefreshToken(tx, sessionId, { seconds: REFRESH_SECONDS, secondsMax: SESSION_SECONDS_MAX })
    if (decision === 'current' && !rotate) await confirmRefreshToken(tx, sessionId)
    return { session, decision, issued: decision === 'current' && rotate ? generation + 1 : session.generation }
  }

  return {
    async start(reader: { id: ReaderId }, surface: SessionSurface, client: SessionClient) {
      const sessionId = newId() as SessionId
      await createSession(db, { id: sessionId, readerId: reader.id, surface, seconds: REFRESH_SECONDS, client })
      securityLog('reader signed in', { reader: reader.id, session: sessionId, surface, address: client.address })
      const claims = { readerId: reader.id, sessionId, verified: surface === 'studio', generation: 0 }
      return { token: await tokens.issueAccess(claims), refresh_token: await tokens.issueRefresh(claims) }
    },

    /** Issues an access token for a refresh token. With `rotate` also a new refresh token, which replaces the old one. */
    async renew(token: string | undefined, { rotate }: { rotate: boolean }) {
      const claims = token ? await tokens.verifyRefresh(token) : undefined
      if (!claims) throw forbidden('Wrong refresh token.')
      const { session, decision, issued } = await db.transaction().execute(tx => useRefreshToken(tx, claims, rotate))
      if (session?.frozen) throw forbidden('User denied.')
      if (decision === 'replayed') {
        states.drop([claims.sessionId])
        securityLog('refresh token replayed', { reader: claims.readerId, session: claims.sessionId })
      }
      if (!session || issued === undefined) throw forbidden('Wrong refresh token.')
      const renewed = { ...claims, generation: issued, verified: claims.verified && session.verified }
      const access = { token: await tokens.issueAccess(renewed) }
      return rotate ? { ...access, refresh_token: await tokens.issueRefresh({ ...renewed, verified: claims.verified }) } : access
    },

    async authenticate(token: string): Promise<ReaderTokenResult> {
      const claims = await verified.verify(token)
      if (!claims) return { kind: (await tokens.verifyRefresh(token)) ? 'refresh' : 'bad' }
      const state = await states.get(claims)
      if (state.frozen) return { kind: 'frozen' }
      if (!state.live) return { kind: 'bad' }
      return {
        kind: 'reader',
        viewer: { kind: 'reader', id: claims.readerId },
        verified: claims.verified && state.verified,
        session: { id: claims.sessionId, expiresAt: claims.expiresAt },
      }
    },

    /** Which of these sessions have ended or expired, or belong to a frozen reader. */
    findEnded: (ids: SessionId[]) => findEndedSessions(db, ids),

    /** The live sessions of a reader, the newest first. */
    async list(readerId: ReaderId, current: SessionId) {
      const rows = await listSessions(db, readerId, LISTED_MAX)
      return rows.map(({ created_at, last_used_at, ...row }) => ({
        ...row,
        created_at: created_at.toISOString(),
        last_used_at: (last_used_at ?? created_at).toISOString(),
        is_current: row.id === current,
      }))
    },

    async endOne(readerId: ReaderId, id: SessionId): Promise<void> {
      if ((await end(readerId, { only: id })) === 0) throw notFound('You have no such session.')
    },

    /** Ends all sessions of a reader, or all but one. */
    endAll: (readerId: ReaderId, except?: SessionId) => end(readerId, { except }),

    /** In the transaction of a change that must not be without it. Call what it returns after the commit. */
    async endAllIn(tx: Tx, readerId: ReaderId, except?: SessionId): Promise<() => void> {
      const ended = await endSessions(tx, readerId, { except }, 'ended')
      return () => noteEnded(readerId, ended)
    },

    applyChanges: states.applyChanges,
    clear: states.clear,
  }
}
