// Sign-in of administrators: an account and a password start a session, and a session issues tokens. Each request checks the
// state of its session, which is cached for two seconds.

import { LRUCache } from 'lru-cache'
import { requireAccount } from '../../base/account-name.ts'
import type { Clock } from '../../base/clock.ts'
import { entriesMax } from '../../base/entries-max.ts'
import type { AdministratorId, AdministratorSessionId } from '../../base/id.ts'
import { PERMISSION_CODES, type PermissionCode } from '../../base/permissions.ts'
import { conflict, forbidden, notFound, tooMany } from '../../base/problem.ts'
import type { SecurityLog } from '../../base/security-log.ts'
import { REFRESH_SECONDS } from '../../base/token-pair.ts'
import { cacheVerifiedTokens } from '../../base/verified-token-cache.ts'
import type { Db } from '../../engines/database/database.ts'
import { type RateLimit, type RateLimiter, takePoint } from '../../engines/limits/rate-limiter.ts'
import { COMMAND_LINE } from '../../http/access.ts'
import type { AdminIdentity, AdminSession, AdminTokenResult } from '../../http/bearer-token.ts'
import type { AdminClaims, AdminTokens } from './admin-tokens.ts'
import {
  type Administrator,
  type AdminSessionState,
  createAdministrator,
  createAdminSession,
  endAdminSessions,
  findAdministratorByAccount,
  findAdministratorById,
  getAdminSessionState,
  isKnownNetwork,
  resetPasswordAttempts,
  takePasswordAttempt,
  updatePassword,
} from './admins.sql.ts'
import { ATTEMPT_WINDOW_MINUTES, type CheckLimited } from './limited-check.ts'
import type { OperationLog } from './operation-log.ts'
import { TRUSTED } from './password-queue.ts'
import { hashPassword, requireAcceptablePassword, verifyPassword } from './passwords.ts'
import { readPermissionTree } from './permission-tree.ts'
import { readGroupPowers } from './permissions.sql.ts'
import type { SecondFactor } from './second-factor.ts'

export interface Needs {
  db: Db
  newId: () => bigint
  tokens: AdminTokens
  clock: Clock
  /** Limits sign-ins from one client network: each costs a quarter of a second of a core, and accounts could be guessed. */
  signInLimiter: RateLimiter
  checkLimited: CheckLimited
  secondFactor: SecondFactor
  /** Administrators without a second factor may only set one up. */
  isSecondFactorRequired: boolean
  operationLog: OperationLog
  securityLog: SecurityLog
  /** Called after an administrator has changed their password. */
  onPasswordChanged?: (account: string) => Promise<void>
}

export type Admins = ReturnType<typeof createAdmins>

const SESSION_STATE_TTL_MS = 2_000
const CACHED_TOKENS_MAX = 1_000 // administrators are few
const CACHED_NETWORKS_MAX = 10_000 // a network that is dropped is treated as new
/** Sign-ins from one client network. People mistype less often, and so many password checks leave the cores to readers. */
export const SIGN_IN_LIMIT: RateLimit = { name: 'admin', points: 30, seconds: 60 }
// For one account over all networks and processes. With a lower limit, an attacker could easily lock an administrator out.
const GLOBAL_ATTEMPTS_MAX = 1_000

export function createAdmins(needs: Needs) {
  const { db, newId, tokens, clock, signInLimiter, checkLimited, secondFactor, isSecondFactorRequired, operationLog } = needs
  const { onPasswordChanged, securityLog } = needs
  const verified = cacheVerifiedTokens({ read: tokens.verifyAccess, clock, tokensMax: CACHED_TOKENS_MAX })
  tokens.onKeyRemoved(verified.clear)
  const sessionStates = new LRUCache<string, AdminSessionState, AdminClaims>({
    max: CACHED_TOKENS_MAX,
    ttl: SESSION_STATE_TTL_MS,
    ignoreFetchAbort: true, // if an entry is evicted while it is loaded, the waiting requests still get it
    fetchMethod: (_key, _stale, { context }) => getAdminSessionState(db, context.sessionId, context.administratorId),
  })

  /** Passwords that a client network has tried since the last right one. It decides whose password is checked first. */
  const attemptsOf = new LRUCache<string, number>({ ...entriesMax(CACHED_NETWORKS_MAX), ttl: ATTEMPT_WINDOW_MINUTES * 60_000 })

  /** Also uses up an attempt of the account, for an `unknownNetwork`. */
  async function checkPassword(
    administrator: Administrator,
    password: string,
    { limiterKey, unknownNetwork, refusal }: { limiterKey: string; unknownNetwork?: string; refusal: string },
  ): Promise<void> {
    await checkLimited(limiterKey, refusal, async () => {
      if (
        unknownNetwork !== undefined &&
        !(await takePasswordAttempt(db, administrator.id, { limit: GLOBAL_ATTEMPTS_MAX, minutes: ATTEMPT_WINDOW_MINUTES }))
      )
        throw tooMany(ATTEMPT_WINDOW_MINUTES * 60)
      const attempts = unknownNetwork === undefined ? TRUSTED : (attemptsOf.get(unknownNetwork) ?? 0)
      if (unknownNetwork !== undefined) attemptsOf.set(unknownNetwork, attempts + 1)
      return verifyPassword(password, administrator.password_hash, attempts)
    })
    if (unknownNetwork === undefined) return
    attemptsOf.delete(unknownNetwork)
    await resetPasswordAttempts(db, administrator.id)
  }

  /** Throws `forbidden` if the code of the second factor is missing or wrong. */
  async function checkCode(id: AdministratorId, code: string | undefined, limiterKey: string): Promise<void> {
    if (code === undefined) throw forbidden('Second factor required.', { reason: 'code-required' })
    await checkLimited(limiterKey, 'Wrong code.', () => secondFactor.check(id, code), 'wrong-code')
  }

  /** Throws `forbidden` if it is not the password of the administrator who is signed in. */
  async function confirmPassword({ id, session }: AdminSession, password: string, refusal: string): Promise<Administrator> {
    const administrator = await findAdministratorById(db, id)
    if (!administrator) throw forbidden('Administrator does not exist.')
    // Limited by session, so that an attacker who guesses passwords cannot keep a signed-in administrator from their settings.
    await checkPassword(administrator, password, { limiterKey: `session ${session}`, refusal })
    return administrator
  }

  /** `network`: the client network, if the administrator gave a password there. */
  async function startSession({ id, name, group_id }: Administrator, network: string | null) {
    const sessionId = newId() as AdministratorSessionId
    await createAdminSession(db, { id: sessionId, administratorId: id, seconds: REFRESH_SECONDS, network })
    securityLog('administrator signed in', { administrator: id, session: sessionId, network: network ?? 'command line' })
    const claims = { administratorId: id, sessionId }
    const pair = { token: await tokens.issueAccess(claims), refresh_token: await tokens.issueRefresh(claims) }
    return { ...pair, administrator_id: id, group_id, name, permission_tree: await readPermissionTree(db, group_id) }
  }

  return {
    /** For the command line. */
    async create(account: string, password: string): Promise<AdministratorId> {
      requireAccount(account)
      await requireAcceptablePassword(password)
      const id = newId() as AdministratorId
      const hash = await hashPassword(password)
      await operationLog.change(COMMAND_LINE, async (tx, note) => {
        if (!(await createAdministrator(tx, { id, account, hash, name: account }))) throw conflict(`${account} already exists`)
        note({ operation: 'add administrator', description: account, after: { id, account, name: account } })
      })
      return id
    },

    /** `code`: of the second factor, for those who have set one up. */
    async signIn(account: string, password: string, clientNetwork: string, code?: string) {
      await takePoint(signInLimiter, clientNetwork)
      // PostgreSQL cannot store NUL, so no account contains it, and a query with it would fail.
      const administrator = account.includes('\0') ? undefined : await findAdministratorByAccount(db, account)
      // The contract answers unknown accounts and wrong passwords differently, so equal response times would hide nothing.
      if (!administrator) throw forbidden('Please verify your real information in web.')
      const isKnown = await isKnownNetwork(db, administrator.id, clientNetwork)
      await checkPassword(administrator, password, {
        limiterKey: `${administrator.id} ${clientNetwork}`,
        // So guessers can neither delay nor lock out an administrator where they usually work.
        unknownNetwork: isKnown ? undefined : clientNetwork,
        refusal: 'Wrong password',
      })
      if (administrator.frozen) throw forbidden('Please verify your real information in web.')
      // Six digits can be guessed from many networks, so all unknown ones have one limit together.
      if (await secondFactor.isEnabled(administrator.id))
        await checkCode(administrator.id, code, `code ${administrator.id} ${isKnown ? clientNetwork : 'elsewhere'}`)
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

    /** What an administrator may do, for their own screens. */
    async describe({ id, name }: AdminIdentity) {
      const [administrator, { enabled }] = await Promise.all([findAdministratorById(db, id), secondFactor.find(id)])
      if (!administrator) throw forbidden('Administrator does not exist.')
      const { account, group_id } = administrator
      const powers = await readGroupPowers(db, group_id)
      const codes: string[] = powers?.hasAll ? PERMISSION_CODES : (powers?.codes ?? [])
      return { id, account, name, group_id, codes, must_set_up_second_factor: isSecondFactorRequired && !enabled }
    },

    async signOut({ id, session }: AdminSession, choice: 'current' | 'all'): Promise<void> {
      const ended = await endAdminSessions(db, id, choice === 'current' ? session : undefined)
      sessionStates.clear()
      for (const each of ended) securityLog('administrator signed out', { administrator: id, session: each })
    },

    async changePassword(identity: AdminSession, oldPassword: string, password: string): Promise<void> {
      const { account } = await confirmPassword(identity, oldPassword, 'Old password wrong.')
      await requireAcceptablePassword(password)
      await updatePassword(db, identity.id, await hashPassword(password), identity.session)
      sessionStates.clear()
      securityLog('administrator changed password', { administrator: identity.id, session: identity.session })
      await onPasswordChanged?.(account)
    },

    /** An administrator's own second factor. */
    secondFactor: {
      find: secondFactor.find,

      async begin(identity: AdminSession, password: string) {
        const { id, account } = await confirmPassword(identity, password, 'Wrong password')
        return secondFactor.begin(id, account)
      },

      /** Returns the recovery codes. Ends every other session. */
      async confirm({ id, session }: AdminSession, code: string): Promise<string[]> {
        const recoveryCodes = await secondFactor.confirm(id, code, session)
        sessionStates.clear()
        securityLog('second factor set up', { administrator: id, session })
        return recoveryCodes
      },

      async remove(identity: AdminSession, password: string, code: string): Promise<void> {
        const { id } = await confirmPassword(identity, password, 'Wrong password')
        await checkCode(id, code, `code session ${identity.session}`)
        await secondFactor.remove(id)
        sessionStates.clear()
        securityLog('second factor removed', { administrator: id, session: identity.session })
      },

      /** For the command line, after an administrator has lost their phone and their recovery codes. */
      async reset(account: string): Promise<boolean> {
        const administrator = await findAdministratorByAccount(db, account)
        if (!administrator) throw notFound('There is no administrator with this account.')
        const isRemoved = await operationLog.change(COMMAND_LINE, async (tx, note) => {
          note({ operation: 'reset second factor', description: account })
          return secondFactor.remove(administrator.id, tx)
        })
        securityLog('second factor removed', { administrator: administrator.id, session: COMMAND_LINE.name })
        return isRemoved
      },
    },

    /** Called after a change of what administrators may do: this process knows at once, others within two seconds. */
    forgetSessionStates: () => sessionStates.clear(),

    async authenticate(token: string): Promise<AdminTokenResult> {
      const claims = await verified.verify(token)
      if (!claims) return { kind: (await tokens.verifyRefresh(token)) ? 'refresh' : 'bad' }
      const state = await sessionStates.fetch(claims.sessionId.toString(), { context: claims })
      if (state?.disabled) return { kind: 'gone' }
      if (!state?.live) return { kind: 'bad' }
      if (!state.group_enabled) return { kind: 'group-disabled' }
      const mustSetUp = isSecondFactorRequired && !state.has_second_factor
      const { administratorId: id, sessionId: session } = claims
      const allows = (code: PermissionCode) => state.has_all || state.codes.includes(code)
      return { kind: mustSetUp ? 'second-factor-missing' : 'administrator', id, name: state.name, session, allows }
    },
  }
}
