import { LRUCache } from 'lru-cache'
import type { Clock } from './clock.ts'
import { entriesMax } from './entries-max.ts'

export interface VerifiedTokenCache<Claims> {
  verify(token: string): Promise<Claims | undefined>
  clear(): void
}

/**
 * Verifies a token's signature once, and then recognises the token by its exact text until it expires.
 * `read` returns undefined for a token that is not valid.
 */
export function cacheVerifiedTokens<Claims extends { expiresAt: number }>({
  read,
  clock,
  tokensMax,
}: {
  read: (token: string) => Promise<Claims | undefined>
  clock: Clock
  tokensMax: number
}): VerifiedTokenCache<Claims> {
  const verified = new LRUCache<string, Claims>(entriesMax(tokensMax))
  return {
    async verify(token) {
      const known = verified.get(token)
      if (known) return known.expiresAt > clock() ? known : undefined
      const claims = await read(token)
      if (claims && claims.expiresAt > clock()) verified.set(token, claims)
      return claims
    },
    clear: () => verified.clear(),
  }
}
