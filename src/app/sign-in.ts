// Sign-in of readers, for the API and for the command line.

import { createRateLimiter } from '../engines/limits/rate-limiter.ts'
import { type Accounts, createAccounts } from '../features/accounts/accounts.ts'
import { createReaderTokens } from '../features/accounts/reader-tokens.ts'
import { createSmsCodes, SEND_LIMIT } from '../features/accounts/sms-codes.ts'
import { photoPath } from '../features/profiles/profiles.ts'
import type { Infrastructure } from './infrastructure.ts'

/** The command line leaves `absoluteUrl` out: it shows no photos. */
export function createSignIn({ config, database, newId, secrets, redis }: Infrastructure, absoluteUrl = (path: string) => path): Accounts {
  const { db } = database
  const clock = Date.now
  const tokens = createReaderTokens({ key: secrets.tokens, clock })
  const codes = createSmsCodes({ db, key: secrets.tokens, smsUrl: config.smsUrl })
  const sendLimiter = createRateLimiter(SEND_LIMIT, redis)
  return createAccounts({ db, newId, tokens, codes, clock, sendLimiter, photoUrl: (id, photo) => absoluteUrl(photoPath(id, photo)) })
}
