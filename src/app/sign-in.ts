// Sign-in of readers, for the API and for the command line.

import { createSecurityLog, type SecurityLog } from '../base/security-log.ts'
import { createRateLimiter, type RateLimit } from '../engines/limits/rate-limiter.ts'
import { ACCOUNT_LIMITS } from '../features/accounts/account-limits.ts'
import { type Accounts, createAccounts } from '../features/accounts/accounts.ts'
import { createReaderTokens, type ReaderTokens } from '../features/accounts/reader-tokens.ts'
import { createSessionStates } from '../features/accounts/session-states.ts'
import { createSessions, type Sessions } from '../features/accounts/sessions.ts'
import { createSmsCodes } from '../features/accounts/sms-codes.ts'
import { createDemoSender, createWebhookSender } from '../features/accounts/sms-sender.ts'
import { photoPath } from '../features/profiles/profiles.ts'
import type { Infrastructure } from './infrastructure.ts'

export interface SignIn {
  accounts: Accounts
  sessions: Sessions
  tokens: ReaderTokens
  securityLog: SecurityLog
}

/** The command line leaves `absoluteUrl` out: it shows no photos. */
export function createSignIn(
  { config, database, newId, secrets, tokenKeys, redis, log }: Infrastructure,
  absoluteUrl = (path: string) => path,
): SignIn {
  const { db } = database
  const clock = Date.now
  const tokens = createReaderTokens({ keys: tokenKeys, clock })
  const sender = config.smsUrl ? createWebhookSender(config.smsUrl) : createDemoSender()
  const codes = createSmsCodes({ db, key: secrets.tokens, sender, perDay: config.smsPerDay, log })
  const limit = (one: RateLimit) => createRateLimiter(one, redis)
  const { send, signIn } = ACCOUNT_LIMITS
  const limits = {
    send: { address: limit(send.address), network: limit(send.network) },
    signIn: { address: limit(signIn.address), network: limit(signIn.network) },
  }
  const securityLog = createSecurityLog(log)
  const sessions = createSessions({ db, newId, tokens, states: createSessionStates(db), clock, securityLog })
  const photoUrl: Parameters<typeof createAccounts>[0]['photoUrl'] = (id, photo) => absoluteUrl(photoPath(id, photo))
  return { accounts: createAccounts({ db, newId, sessions, codes, limits, photoUrl }), sessions, tokens, securityLog }
}
