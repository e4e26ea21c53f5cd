// Sign-in of readers and creators: a code sent to a mobile number starts a session (sessions.ts).

import type { ReaderId } from '../../base/id.ts'
import type { Client } from '../../base/network.ts'
import { forbidden, invalid, unavailable } from '../../base/problem.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { type AccountLimits, take } from './account-limits.ts'
import { type Account, findMobile, signInByMobile, signInCreatorByMobile } from './accounts.sql.ts'
import type { SessionClient } from './sessions.sql.ts'
import type { Sessions } from './sessions.ts'
import type { Purpose, SmsCodes } from './sms-codes.ts'

export interface Needs {
  db: Db
  newId: () => bigint
  sessions: Sessions
  codes: SmsCodes
  limits: AccountLimits
  /** The URL of a reader's photo, or of the avatar drawn for a reader without one. */
  photoUrl: (id: ReaderId, photo: string | null) => string
}

export type Accounts = ReturnType<typeof createAccounts>

/** A new number, with the codes that were sent to the old one and to this one. */
export interface MobileProof {
  mobile: string
  oldCode: string
  newCode: string
}

/** Where a sign-in came from, and what the client calls itself. */
export interface SignInClient extends Client, SessionClient {
  /** Of its interface: the first of `accept-language`. */
  language?: string
}

const COMMAND_LINE: SessionClient = { agent: 'command line', address: '' }

export function createAccounts({ db, newId, sessions, codes, limits, photoUrl }: Needs) {
  async function checkCode(mobile: string, purpose: Purpose, code: string, client: Client): Promise<void> {
    if (!codes.isDemoCode(code)) await take(limits.signIn, client)
    await codes.check({ mobile, purpose, code })
  }

  async function getMobile(id: ReaderId): Promise<string> {
    const mobile = await findMobile(db, id)
    if (!mobile) throw invalid('This account has no mobile number.')
    return mobile
  }

  async function register(mobile: string, language?: string): Promise<Account> {
    for (let attemptsLeft = 5; ; attemptsLeft--) {
      const id = newId() as ReaderId
      const account = await signInByMobile(db, mobile, { id, name: defaultNameOf(id, language) })
      if (account) return account
      // There are 60 million names of five characters: one that is taken is rare, and five in a row do not happen.
      if (attemptsLeft === 1) throw unavailable('No free name was found. Please try again.')
    }
  }

  return {
    async sendCode(mobile: string, purpose: Purpose, client: Client) {
      await take(limits.send, client)
      await codes.send(mobile, purpose)
    },

    /** Sends a code to the reader's own number. */
    async sendOwnCode(id: ReaderId, purpose: Purpose, client: Client) {
      await take(limits.send, client)
      await codes.send(await getMobile(id), purpose)
    },

    /** Throws `invalid` if it is not the code that was sent to the reader's own number. */
    checkOwnCode: async (id: ReaderId, purpose: Purpose, code: string, client: Client) =>
      checkCode(await getMobile(id), purpose, code, client),

    /** Throws `invalid` unless both codes are right. Returns what uses them up, for the transaction of the change. */
    async checkMobileChange(id: ReaderId, { mobile, oldCode, newCode }: MobileProof, client: Client): Promise<(tx: Tx) => Promise<void>> {
      await take(limits.signIn, client)
      const right = await codes.verify([
        { mobile: await getMobile(id), purpose: 'old number', code: oldCode },
        { mobile, purpose: 'new number', code: newCode },
      ])
      if (!right) throw invalid('Invalid code.')
      return tx => codes.consume(tx, right)
    },

    /** For the command line, which needs no code. */
    async signInWithoutCode(mobile: string, surface: 'app' | 'studio') {
      const account = surface === 'app' ? await register(mobile) : await signInCreatorByMobile(db, mobile)
      if (!account || (surface === 'studio' && !account.is_verified)) throw forbidden('There is no verified creator with this number.')
      return sessions.start(account, surface, COMMAND_LINE)
    },

    /** Signs a reader in, and registers a number that is new. */
    async signIn(mobile: string, code: string, client: SignInClient) {
      await checkCode(mobile, 'app', code, client)
      const account = await register(mobile, client.language)
      if (account.frozen) throw forbidden('Invalid user.')
      return sessions.start(account, 'app', client)
    },

    /** Signs a verified creator in to the studio. */
    async signInToStudio(mobile: string, code: string, client: SignInClient) {
      await checkCode(mobile, 'studio', code, client)
      const account = await signInCreatorByMobile(db, mobile)
      if (!account?.is_verified) throw forbidden('Please verify your real information in app.')
      if (account.frozen) throw forbidden('User denied.')
      return {
        ...(await sessions.start(account, 'studio', client)),
        id: account.id,
        name: account.name,
        photo: photoUrl(account.id, account.photo),
      }
    },
  }
}

/**
 * 用户, or "U-" for a client in another language, and five characters made from the id: seven in all, the longest name allowed. A client
 * that names no language has the Chinese one: existing clients are.
 */
function defaultNameOf(id: ReaderId, language = 'zh'): string {
  // Neighbouring ids share most of their digits; Fibonacci hashing spreads them over all names.
  const hash = BigInt.asUintN(64, id * 0x9e37_79b9_7f4a_7c15n)
  return `${/^(zh|\*)/i.test(language) ? '用户' : 'U-'}${(hash % 36n ** 5n).toString(36).padStart(5, '0')}`
}
