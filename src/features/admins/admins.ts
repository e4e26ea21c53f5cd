// Signing in of those who run the place: an account and a password open a session, a session gives tokens. Each request
// looks at the session through a view that is at most two seconds old, as it does for readers.

import { LRUCache } from 'lru-cache'
import type { Clock } from '../../base/clock.ts'
import type { AdministratorId, AdministratorSessionId } from '../../base/id.ts'
import { conflict, forbidden, invalid, Problem } from '../../base/problem.ts'
import { REFRESH_SECONDS } from '../../base/token-pair.ts'
import { cacheVerifiedTokens } from '../../base/verified-token-cache.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Limiter } from '../../engines/limits/limits.ts'
import type { AdminIdentity, AdminTokenResult } from '../../http/bearer-token.ts'
import type { AdminClaims, AdminTokens } from './admin-tokens.ts'
import {
  type Administrator,
  createAdministrator,
  createAdminSession,
  findAdministratorByAccount,
  findAdministratorById,
  getAdminSessionState,
  resetPasswordAttempts,
  takePasswordAttempt,
  updatePassword,
} from './admins.sql.ts'
import { ACCOUNT_PATTERN, hashPassword, isAcceptablePassword, PASSWORD_RULE, verifyPassword } from './passwords.ts'

export interface Needs {
  db: Db
  newId: () => bigint
  tokens: AdminTokens
  clock: Clock
  /** How often one address may try: each try costs a quarter of a second of a core, and accounts could be guessed. */
  signInLimiter: Limiter
  /** How many wrong passwords one address, or one session, may try at one account. */
  passwordLimiter: Limiter
  /** Told when somebody has chosen a password of their own. */
  onPasswordChanged?: (account: string) => Promise<void>
}

export type Admins = ReturnType<typeof createAdmins>

const SESSION_STATE_TTL_MS = 2_000
const CACHED_TOKENS_MAX = 1_000 // administrators are few
const ATTEMPT_WINDOW_MINUTES = 15
/** Wrong passwords from one address, or in one session: no person needs more. */
export const PASSWORD_ATTEMPTS = { points: 10, seconds: ATTEMPT_WINDOW_MINUTES * 60 }
/** Over all addresses and processes: a hundred addresses' worth. With fewer, anybody could keep an administrator out. */
const GLOBAL_ATTEMPTS_MAX = 1_000

export function createAdmins({ db, newId, tokens, clock, signInLimiter, passwordLimiter, onPasswordChanged }: Needs) {
  const verifyAccessToken = cacheVerifiedTokens({ read: tokens.verifyAccess, clock, entriesMax: CACHED_TOKENS_MAX })
  const sessionStates = new LRUCache<string, { live: boolean; gone: boolean }, AdminClaims>({
    max: CACHED_TOKENS_MAX,
    ttl: SESSION_STATE_TTL_MS,
    ignoreFetchAbort: true, // what is forgotten while it is looked up is an answer still to those who wait for it
    fetchMethod: (_key, _stale, { context }) => getAdminSessionState(db, context.sessionId, context.administratorId),
  })

  const tooMany = (retryAfter: number) => new Problem('too-many', 'Too many requests.', { retryAfter })

  /**
   * Costs a try of those this one has, and then, if `ofAll`, of those of everybody; a right password gives back both. Taken before it
   * is looked at, so that many at once get no more.
   */
  async function checkPassword(
    administrator: Administrator,
    password: string,
    { who, ofAll = false, refusal }: { who: string; ofAll?: boolean; refusal: string },
  ): Promise<void> {
    const wait = await passwordLimiter.take(who)
    if (wait > 0) throw tooMany(wait)
    if (ofAll && !(await takePasswordAttempt(db, administrator.id, { limit: GLOBAL_ATTEMPTS_MAX, minutes: ATTEMPT_WINDOW_MINUTES })))
      throw tooMany(ATTEMPT_WINDOW_MINUTES * 60)
    if (!(await verifyPassword(password, administrator.password_hash))) throw forbidden(refusal)
    await passwordLimiter.giveBack(who)
    if (ofAll) await resetPasswordAttempts(db, administrator.id)
  }

  async function startSession({ id, name, group_id }: Administrator) {
    const sessionId = newId() as AdministratorSessionId
    await createAdminSession(db, { id: sessionId, administratorId: id, seconds: REFRESH_SECONDS })
    const claims = { administratorId: id, sessionId }
    const pair = { token: await tokens.access(claims), refresh_token: await tokens.refresh(claims) }
    // Every administrator may do everything there is yet, so there is no tree to choose from.
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

    async signIn(account: string, password: string, address: string) {
      const wait = await signInLimiter.take(address)
      if (wait > 0) throw tooMany(wait)
      // The database cannot even be asked for text with a NUL in it, and no account has one.
      const administrator = account.includes('\0') ? undefined : await findAdministratorByAccount(db, account)
      // The contract has different answers for an unknown account and a wrong password, so there is nothing that time could hide.
      if (!administrator) throw forbidden('Please verify your real information in web.')
      await checkPassword(administrator, password, { who: `${administrator.id} ${address}`, ofAll: true, refusal: 'Wrong password' })
      if (administrator.frozen) throw forbidden('Please verify your real information in web.')
      return startSession(administrator)
    },

    /** For whoever may run commands on this machine: no password is asked for. */
    async signInWithoutPassword(account: string) {
      const administrator = await findAdministratorByAccount(db, account)
      if (!administrator || administrator.frozen) throw forbidden('There is no administrator with this account.')
      return startSession(administrator)
    },

    async renew(token: string | undefined) {
      const claims = token === undefined ? undefined : await tokens.verifyRefresh(token)
      const state = claims && (await getAdminSessionState(db, claims.sessionId, claims.administratorId))
      if (!claims || !state?.live || state.gone) throw forbidden('Wrong refresh token.')
      return { token: await tokens.access(claims) }
    },

    async changePassword({ id, session }: AdminIdentity, oldPassword: string, password: string): Promise<void> {
      const administrator = await findAdministratorById(db, id)
      if (!administrator) throw forbidden('Administrator does not exist.')
      // Counted by itself: whoever guesses from outside does not keep those from it who are signed in.
      await checkPassword(administrator, oldPassword, { who: `session ${session}`, refusal: 'Old password wrong.' })
      if (!isAcceptablePassword(password)) throw invalid(PASSWORD_RULE)
      await updatePassword(db, id, await hashPassword(password), session)
      sessionStates.clear()
      await onPasswordChanged?.(administrator.account)
    },

    async authenticate(token: string): Promise<AdminTokenResult> {
      const claims = await verifyAccessToken(token)
      if (!claims) return { kind: (await tokens.verifyRefresh(token)) ? 'refresh' : 'bad' }
      const state = await sessionStates.fetch(claims.sessionId.toString(), { context: claims })
      if (state?.gone) return { kind: 'gone' }
      return state?.live ? { kind: 'administrator', id: claims.administratorId, session: claims.sessionId } : { kind: 'bad' }
    },
  }
}
