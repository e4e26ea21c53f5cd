// How many codes may be requested and how many sign-ins tried, by address and by network. How often one code may be tried is in
// sms-codes.ts.

import type { Client } from '../../base/network.ts'
import { type RateLimit, type RateLimiter, takePoint } from '../../engines/limits/rate-limiter.ts'

/** How often clients may do what others pay for, by address and by network (base/network.ts). */
export type AccountLimits = Record<'send' | 'signIn', Record<'address' | 'network', RateLimiter>>

/** A network of many addresses has ten times what one address has. */
export const ACCOUNT_LIMITS: Record<'send' | 'signIn', Record<'address' | 'network', RateLimit>> = {
  // The contract: how many codes one address may request.
  send: {
    address: { name: 'codes', points: 100, seconds: 3_600 },
    network: { name: 'codesnetwork', points: 1_000, seconds: 3_600 },
  },
  // As many attempts as those codes have.
  signIn: {
    address: { name: 'signin', points: 500, seconds: 3_600 },
    network: { name: 'signinnetwork', points: 5_000, seconds: 3_600 },
  },
}

/** Throws `too-many`. */
export async function take({ address, network }: AccountLimits['send'], client: Client): Promise<void> {
  await takePoint(address, client.address)
  await takePoint(network, client.network)
}
