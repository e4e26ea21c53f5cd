import { LRUCache } from 'lru-cache'
import type { Clock } from './clock.ts'

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
  entriesMax,
}: {
  read: (token: string) => Promise<Claims | undefined>
  clock: Clock
  entriesMax: number
}): VerifiedTokenCache<Claims> {
  const verified = new LRUCache<string, Claims>({ max: entriesMax })
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
