// Sign-in of readers and creators: a code sent to a mobile number starts a session (sessions.ts).

import type { ReaderId } from '../../base/id.ts'
import { forbidden, invalid, Problem, unavailable } from '../../base/problem.ts'
import type { Db } from '../../engines/database/database.ts'
import type { RateLimiter } from '../../engines/limits/rate-limiter.ts'
import { type Account, findAccountByMobile, signInByMobile } from './accounts.sql.ts'
import type { SessionClient } from './sessions.sql.ts'
import type { Sessions } from './sessions.ts'
import type { SmsCodes } from './sms-codes.ts'

export interface Needs {
  db: Db
  newId: () => bigint
  sessions: Sessions
  codes: SmsCodes
  /** Limited by SEND_LIMIT. */
  sendLimiter: RateLimiter
  /** The URL of a reader's photo, or of the avatar drawn for a reader without one. */
  photoUrl: (id: ReaderId, photo: string | null) => string
}

export type Accounts = ReturnType<typeof createAccounts>

const COMMAND_LINE: SessionClient = { agent: 'command line', address: '' }

export function createAccounts({ db, newId, sessions, codes, sendLimiter, photoUrl }: Needs) {
  async function register(mobile: string): Promise<Account> {
    for (let attemptsLeft = 5; ; attemptsLeft--) {
      const id = newId() as ReaderId
      const account = await signInByMobile(db, mobile, { id, name: defaultNameOf(id) })
      if (account) return account
      // There are 60 million names of five characters: one that is taken is rare, and five in a row do not happen.
      if (attemptsLeft === 1) throw unavailable('No free name was found. Please try again.')
    }
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
      return sessions.start(account, surface, COMMAND_LINE)
    },

    /** Signs a reader in, and registers a number that is new. */
    async signIn(mobile: string, code: string, client: SessionClient) {
      if (!(await codes.check(mobile, 'app', code))) throw invalid('Invalid code.')
      const account = await register(mobile)
      if (account.frozen) throw forbidden('Invalid user.')
      return sessions.start(account, 'app', client)
    },

    /** Signs a verified creator in to the studio. */
    async signInToStudio(mobile: string, code: string, client: SessionClient) {
      if (!(await codes.check(mobile, 'studio', code))) throw invalid('Invalid code.')
      const account = await findAccountByMobile(db, mobile)
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

/** 用户 and five characters made from the id: seven in all, the longest name allowed. */
function defaultNameOf(id: ReaderId): string {
  // Neighbouring ids share most of their digits; Fibonacci hashing spreads them over all names.
  const hash = BigInt.asUintN(64, id * 0x9e37_79b9_7f4a_7c15n)
  return `用户${(hash % 36n ** 5n).toString(36).padStart(5, '0')}`
}
