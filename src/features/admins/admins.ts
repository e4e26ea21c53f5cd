// Sign-in of administrators: an account and a password start a session, and a session issues tokens. Each request checks the
// state of its session, which is cached for two seconds.

import { LRUCache } from 'lru-cache'
import type { Clock } from '../../base/clock.ts'
import type { AdministratorId, AdministratorSessionId } from '../../base/id.ts'
import { conflict, forbidden, invalid, Problem } from '../../base/problem.ts'
import { REFRESH_SECONDS } from '../../base/token-pair.ts'
import { cacheVerifiedTokens } from '../../base/verified-token-cache.ts'
import type { Db } from '../../engines/database/database.ts'
import type { RateLimit, RateLimiter } from '../../engines/limits/rate-limiter.ts'
import type { AdminIdentity, AdminTokenResult } from '../../http/bearer-token.ts'
import type { AdminClaims, AdminTokens } from './admin-tokens.ts'
import {
  type Administrator,
  type AdminSessionState,
  createAdministrator,
  createAdminSession,
  findAdministratorByAccount,
  findAdministratorById,
  getAdminSessionState,
  isKnownNetwork,
  resetPasswordAttempts,
  takePasswordAttempt,
  updatePassword,
} from './admins.sql.ts'
import { TRUSTED } from './password-queue.ts'
import { ACCOUNT_PATTERN, hashPassword, isAcceptablePassword, PASSWORD_RULE, verifyPassword } from './passwords.ts'

export interface Needs {
  db: Db
  newId: () => bigint
  tokens: AdminTokens
  clock: Clock
  /** Limits sign-ins from one client network: each costs a quarter of a second of a core, and accounts could be guessed. */
  signInLimiter: RateLimiter
  /** Limits wrong passwords for one account from one client network, or in one session. */
  passwordLimiter: RateLimiter
  /** Called after an administrator has changed their password. */
  onPasswordChanged?: (account: string) => Promise<void>
}

export type Admins = ReturnType<typeof createAdmins>

const SESSION_STATE_TTL_MS = 2_000
const CACHED_TOKENS_MAX = 1_000 // administrators are few
const CACHED_NETWORKS_MAX = 10_000 // a network that is dropped is treated as new
const ATTEMPT_WINDOW_MINUTES = 15
/** Sign-ins from one client network. People mistype less often, and so many password checks leave the cores to readers. */
export const SIGN_IN_LIMIT: RateLimit = { name: 'admin', points: 30, seconds: 60 }
/** Wrong passwords for one account from one client network, or in one session. */
export const PASSWORD_LIMIT: RateLimit = { name: 'password', points: 10, seconds: ATTEMPT_WINDOW_MINUTES * 60 }
// For one account over all networks and processes. With a lower limit, an attacker could easily lock an administrator out.
const GLOBAL_ATTEMPTS_MAX = 1_000

export function createAdmins({ db, newId, tokens, clock, signInLimiter, passwordLimiter, onPasswordChanged }: Needs) {
  const verified = cacheVerifiedTokens({ read: tokens.verifyAccess, clock, entriesMax: CACHED_TOKENS_MAX })
  tokens.onKeyRemoved(verified.clear)
  const sessionStates = new LRUCache<string, AdminSessionState, AdminClaims>({
    max: CACHED_TOKENS_MAX,
    ttl: SESSION_STATE_TTL_MS,
    ignoreFetchAbort: true, // if an entry is evicted while it is loaded, the waiting requests still get it
    fetchMethod: (_key, _stale, { context }) => getAdminSessionState(db, context.sessionId, context.administratorId),
  })

  /** Passwords that a client network has tried since the last right one. It decides whose password is checked first. */
  const attemptsOf = new LRUCache<string, number>({ max: CACHED_NETWORKS_MAX, ttl: ATTEMPT_WINDOW_MINUTES * 60_000 })

  const tooMany = (retryAfter: number) => new Problem('too-many', 'Too many requests.', { retryAfter })

  /**
   * Throws `forbidden` with `refusal` if the password is wrong, and `too-many` if no attempt is left. Uses up an attempt of
   * `limiterKey` and, for an `unknownNetwork`, one of the account. A right password resets all. Attempts are taken before the
   * password is checked, so that concurrent attempts are all counted.
   */
  async function checkPassword(
    administrator: Administrator,
    password: string,
    { limiterKey, unknownNetwork, refusal }: { limiterKey: string; unknownNetwork?: string; refusal: string },
  ): Promise<void> {
    const wait = await passwordLimiter.consume(limiterKey)
    if (wait > 0) throw tooMany(wait)
    if (
      unknownNetwork !== undefined &&
      !(await takePasswordAttempt(db, administrator.id, { limit: GLOBAL_ATTEMPTS_MAX, minutes: ATTEMPT_WINDOW_MINUTES }))
    )
      throw tooMany(ATTEMPT_WINDOW_MINUTES * 60)
    const attempts = unknownNetwork === undefined ? TRUSTED : (attemptsOf.get(unknownNetwork) ?? 0)
    if (unknownNetwork !== undefined) attemptsOf.set(unknownNetwork, attempts + 1)
    if (!(await verifyPassword(password, administrator.password_hash, attempts))) throw forbidden(refusal)
    await passwordLimiter.reset(limiterKey)
    if (unknownNetwork === undefined) return
    attemptsOf.delete(unknownNetwork)
    await resetPasswordAttempts(db, administrator.id)
  }

  /** `network`: the client network, if the administrator gave a password there. */
  async function startSession({ id, name, group_id }: Administrator, network: string | null) {
    const sessionId = newId() as AdministratorSessionId
    await createAdminSession(db, { id: sessionId, administratorId: id, seconds: REFRESH_SECONDS, network })
    const claims = { administratorId: id, sessionId }
    const pair = { token: await tokens.issueAccess(claims), refresh_token: await tokens.issueRefresh(claims) }
    // Every administrator has all permissions, so the tree is empty.
    return { ...pair, administrator_id: id, group_id, name, permission_tree: [] }
  }

  return {
    async create(account: string, password: string): Promise<AdministratorId> {
      if (!ACCOUNT_PATTERN.test(account)) throw invalid('An account is a letter, followed by 3 to 15 letters, digits or underscores.')
      if (!isAcceptablePassword(password)) throw invalid(PASSWORD_RULE)
      const id = newId() as AdministratorId
      if (!(await createAdministrator(db, { id, account, hash: await hashPassword(password), name: account })))
        throw conflict(`${account} already exists`)
      return id
    },

    async signIn(account: string, password: string, clientNetwork: string) {
      const wait = await signInLimiter.consume(clientNetwork)
      if (wait > 0) throw tooMany(wait)
      // PostgreSQL cannot store NUL, so no account contains it, and a query with it would fail.
      const administrator = account.includes('\0') ? undefined : await findAdministratorByAccount(db, account)
      // The contract answers unknown accounts and wrong passwords differently, so equal response times would hide nothing.
      if (!administrator) throw forbidden('Please verify your real information in web.')
      await checkPassword(administrator, password, {
        limiterKey: `${administrator.id} ${clientNetwork}`,
        // So guessers can neither delay nor lock out an administrator where they usually work.
        unknownNetwork: (await isKnownNetwork(db, administrator.id, clientNetwork)) ? undefined : clientNetwork,
        refusal: 'Wrong password',
      })
      if (administrator.frozen) throw forbidden('Please verify your real information in web.')
      return startSession(administrator, clientNetwork)
    },

    /** For the command line, which needs no password. */
    async signInWithoutPassword(account: string) {
      const administrator = await findAdministratorByAccount(db, account)
      if (!administrator || administrator.frozen) throw forbidden('There is no administrator with this account.')
      return startSession(administrator, null)
    },

    async renew(token: string | undefined) {
      const claims = token === undefined ? undefined : await tokens.verifyRefresh(token)
      const state = claims && (await getAdminSessionState(db, claims.sessionId, claims.administratorId))
      if (!claims || !state?.live || state.disabled) throw forbidden('Wrong refresh token.')
      return { token: await tokens.issueAccess(claims) }
    },

    async changePassword({ id, session }: AdminIdentity, oldPassword: string, password: string): Promise<void> {
      const administrator = await findAdministratorById(db, id)
      if (!administrator) throw forbidden('Administrator does not exist.')
      // Limited by session, so that an attacker who guesses passwords cannot keep a signed-in administrator from changing theirs.
      await checkPassword(administrator, oldPassword, { limiterKey: `session ${session}`, refusal: 'Old password wrong.' })
      if (!isAcceptablePassword(password)) throw invalid(PASSWORD_RULE)
      await updatePassword(db, id, await hashPassword(password), session)
      sessionStates.clear()
      await onPasswordChanged?.(administrator.account)
    },

    async authenticate(token: string): Promise<AdminTokenResult> {
      const claims = await verified.verify(token)
      if (!claims) return { kind: (await tokens.verifyRefresh(token)) ? 'refresh' : 'bad' }
      const state = await sessionStates.fetch(claims.sessionId.toString(), { context: claims })
      if (state?.disabled) return { kind: 'gone' }
      return state?.live ? { kind: 'administrator', id: claims.administratorId, session: claims.sessionId } : { kind: 'bad' }
    },
  }
}
