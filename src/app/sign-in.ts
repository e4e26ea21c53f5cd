// Sign-in of readers, for the API and for the command line.

import { createRateLimiter } from '../engines/limits/rate-limiter.ts'
import { type Accounts, createAccounts } from '../features/accounts/accounts.ts'
import { createReaderTokens } from '../features/accounts/reader-tokens.ts'
import { createSessionStates } from '../features/accounts/session-states.ts'
import { createSessions, type Sessions } from '../features/accounts/sessions.ts'
import { createSmsCodes, SEND_LIMIT } from '../features/accounts/sms-codes.ts'
import { photoPath } from '../features/profiles/profiles.ts'
import type { Infrastructure } from './infrastructure.ts'

export interface SignIn {
  accounts: Accounts
  sessions: Sessions
}

/** The command line leaves `absoluteUrl` out: it shows no photos. */
export function createSignIn(
  { config, database, newId, secrets, redis, log }: Infrastructure,
  absoluteUrl = (path: string) => path,
): SignIn {
  const { db } = database
  const clock = Date.now
  const tokens = createReaderTokens({ key: secrets.tokens, clock })
  const codes = createSmsCodes({ db, key: secrets.tokens, smsUrl: config.smsUrl })
  const sendLimiter = createRateLimiter(SEND_LIMIT, redis)
  const sessions = createSessions({ db, newId, tokens, states: createSessionStates(db), clock, log })
  const photoUrl: Parameters<typeof createAccounts>[0]['photoUrl'] = (id, photo) => absoluteUrl(photoPath(id, photo))
  return { accounts: createAccounts({ db, newId, sessions, codes, sendLimiter, photoUrl }), sessions }
}
