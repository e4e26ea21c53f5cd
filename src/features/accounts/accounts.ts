// Sign-in of readers and creators: a code sent to a mobile number starts a session, and a session issues tokens. A session is
// a row, so that it can be revoked. Each request checks its state, which is cached for two seconds.

import { LRUCache } from 'lru-cache'
import type { Clock } from '../../base/clock.ts'
import type { ReaderId, SessionId } from '../../base/id.ts'
import { forbidden, invalid, Problem, unavailable } from '../../base/problem.ts'
import { REFRESH_SECONDS } from '../../base/token-pair.ts'
import { cacheVerifiedTokens } from '../../base/verified-token-cache.ts'
import type { Db } from '../../engines/database/database.ts'
import type { RateLimiter } from '../../engines/limits/rate-limiter.ts'
import type { ReaderTokenResult } from '../../http/bearer-token.ts'
import { type Account, createSession, findAccountByMobile, findSessionState, type SessionState, signInByMobile } from './accounts.sql.ts'
import type { ReaderClaims, ReaderTokens } from './reader-tokens.ts'
import type { SmsCodes } from './sms-codes.ts'

export interface Needs {
  db: Db
  newId: () => bigint
  tokens: ReaderTokens
  codes: SmsCodes
  clock: Clock
  /** Limited by SEND_LIMIT. */
  sendLimiter: RateLimiter
  /** The URL of a reader's photo, or of the avatar drawn for a reader without one. */
  photoUrl: (id: ReaderId, photo: string | null) => string
}

export type Accounts = ReturnType<typeof createAccounts>

const SESSION_STATE_TTL_MS = 2_000 // a frozen reader or a revoked session may be accepted for so long
const CACHED_TOKENS_MAX = 10_000 // tokens; some 5 MB

export function createAccounts({ db, newId, tokens, codes, clock, sendLimiter, photoUrl }: Needs) {
  const verifyAccessToken = cacheVerifiedTokens({ read: tokens.verifyAccess, clock, entriesMax: CACHED_TOKENS_MAX })
  const sessionStates = new LRUCache<string, SessionState, ReaderClaims>({
    max: CACHED_TOKENS_MAX,
    ttl: SESSION_STATE_TTL_MS,
    ignoreFetchAbort: true, // if an entry is evicted while it is loaded, the waiting requests still get it
    fetchMethod: (_key, _stale, { context }) => findSessionState(db, context.sessionId, context.readerId),
  })
  const sessionStateOf = async (claims: ReaderClaims) =>
    (await sessionStates.fetch(claims.sessionId.toString(), { context: claims })) as SessionState

  async function register(mobile: string): Promise<Account> {
    for (let attemptsLeft = 5; ; attemptsLeft--) {
      const id = newId() as ReaderId
      const account = await signInByMobile(db, mobile, { id, name: defaultNameOf(id) })
      if (account) return account
      // There are 60 million names of five characters: one that is taken is rare, and five in a row do not happen.
      if (attemptsLeft === 1) throw unavailable('No free name was found. Please try again.')
    }
  }

  async function startSession(account: Account, surface: 'app' | 'studio') {
    const sessionId = newId() as SessionId
    await createSession(db, { id: sessionId, readerId: account.id, surface, seconds: REFRESH_SECONDS })
    const claims = { readerId: account.id, sessionId, verified: surface === 'studio' }
    return { token: await tokens.issueAccess(claims), refresh_token: await tokens.issueRefresh(claims) }
  }

  return {
    async sendCode(mobile: string, purpose: 'app' | 'studio', clientNetwork: string) {
      const retryAfter = await sendLimiter.consume(clientNetwork)
      if (retryAfter > 0) throw new Problem('too-many', 'Too many requests.', { retryAfter })
      await codes.send(mobile, purpose)
    },

    /** For the command line, which needs no code. */
    async signInWithoutCode(mobile: string, surface: 'app' | 'studio') {
      const account = surface === 'app' ? await register(mobile) : await findAccountByMobile(db, mobile)
      if (!account || (surface === 'studio' && !account.is_verified)) throw forbidden('There is no verified creator with this number.')
      return startSession(account, surface)
    },

    /** Signs a reader in, and registers a number that is new. */
    async signIn(mobile: string, code: string) {
      if (!(await codes.check(mobile, 'app', code))) throw invalid('Invalid code.')
      const account = await register(mobile)
      if (account.frozen) throw forbidden('Invalid user.')
      return startSession(account, 'app')
    },

    /** Signs a verified creator in to the studio. */
    async signInToStudio(mobile: string, code: string) {
      if (!(await codes.check(mobile, 'studio', code))) throw invalid('Invalid code.')
      const account = await findAccountByMobile(db, mobile)
      if (!account?.is_verified) throw forbidden('Please verify your real information in app.')
      if (account.frozen) throw forbidden('User denied.')
      return { ...(await startSession(account, 'studio')), id: account.id, name: account.name, photo: photoUrl(account.id, account.photo) }
    },

    /** Issues an access token for a refresh token, which stays valid. */
    async renew(token: string | undefined) {
      const claims = token ? await tokens.verifyRefresh(token) : undefined
      if (!claims) throw forbidden('Wrong refresh token.')
      const state = await findSessionState(db, claims.sessionId, claims.readerId)
      if (state.frozen) throw forbidden('User denied.')
      if (!state.live) throw forbidden('Wrong refresh token.')
      return { token: await tokens.issueAccess({ ...claims, verified: claims.verified && state.verified }) }
    },

    async authenticate(token: string): Promise<ReaderTokenResult> {
      const claims = await verifyAccessToken(token)
      if (!claims) return { kind: (await tokens.verifyRefresh(token)) ? 'refresh' : 'bad' }
      const state = await sessionStateOf(claims)
      if (state.frozen) return { kind: 'frozen' }
      if (!state.live) return { kind: 'bad' }
      return { kind: 'reader', viewer: { kind: 'reader', id: claims.readerId }, verified: claims.verified && state.verified }
    },
  }
}

/** 用户 and five characters made from the id: seven in all, the longest name allowed. */
function defaultNameOf(id: ReaderId): string {
  // Neighbouring ids share most of their digits; Fibonacci hashing spreads them over all names.
  const hash = BigInt.asUintN(64, id * 0x9e37_79b9_7f4a_7c15n)
  return `用户${(hash % 36n ** 5n).toString(36).padStart(5, '0')}`
}
