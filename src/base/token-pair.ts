// Access and refresh tokens. An access token is signed (a JWS: one client reads `user_id` from it), a refresh token is
// encrypted (a JWE). Each kind has its own key, `typ` and pinned algorithm, so that neither passes as the other
// (RFC 8725 §3.1, §3.11, §3.12).

import { hkdfSync } from 'node:crypto'
import { EncryptJWT, type JWTPayload, jwtDecrypt, jwtVerify, SignJWT } from 'jose'
import type { Clock } from './clock.ts'

export interface TokenPair {
  issueAccess(payload: JWTPayload): Promise<string>
  issueRefresh(payload: JWTPayload): Promise<string>
  /** Undefined for a token that is not an access token of this pair, or has expired. */
  verifyAccess(token: string): Promise<TokenPayload | undefined>
  verifyRefresh(token: string): Promise<TokenPayload | undefined>
}

export type TokenPayload = JWTPayload & { exp: number }

const ACCESS_SECONDS = 2 * 3600 // existing clients expect it
export const REFRESH_SECONDS = 14 * 86_400
const SKEW_SECONDS = 30
// Ours are far shorter: they hold two ids and three dates.
const TOKEN_LENGTH_MAX = 1_000

/** The keys are derived from `key` and the names in `purposes`: tokens for different purposes have different keys. */
export function createTokenPair({
  key,
  clock,
  purposes,
}: {
  key: string
  clock: Clock
  purposes: { access: string; refresh: string }
}): TokenPair {
  const derive = (purpose: string) => new Uint8Array(hkdfSync('sha256', key, '', `broadsheet ${purpose}`, 32))
  const signingKey = derive(purposes.access)
  const encryptionKey = derive(purposes.refresh)
  const nowSeconds = () => Math.floor(clock() / 1000)
  const checks = (typ: string) => ({
    typ,
    issuer: 'broadsheet',
    clockTolerance: SKEW_SECONDS,
    currentDate: new Date(clock()),
    requiredClaims: ['exp', 'iat'],
  })
  const withDates = <T extends SignJWT | EncryptJWT>(token: T, lifeSeconds: number): T =>
    token
      .setIssuer('broadsheet')
      .setIssuedAt(nowSeconds())
      .setExpirationTime(nowSeconds() + lifeSeconds) as T
  return {
    issueAccess: payload =>
      withDates(new SignJWT(payload).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' }), ACCESS_SECONDS).sign(signingKey),
    issueRefresh: payload =>
      withDates(new EncryptJWT(payload).setProtectedHeader({ alg: 'dir', enc: 'A256GCM', typ: 'rt+jwe' }), REFRESH_SECONDS).encrypt(
        encryptionKey,
      ),
    verifyAccess: token => payloadOf(token, () => jwtVerify(token, signingKey, { ...checks('at+jwt'), algorithms: ['HS256'] })),
    verifyRefresh: token =>
      payloadOf(token, () =>
        jwtDecrypt(token, encryptionKey, {
          ...checks('rt+jwe'),
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
        }),
      ),
  }
}

async function payloadOf(token: string, read: () => Promise<{ payload: JWTPayload }>): Promise<TokenPayload | undefined> {
  if (token.length > TOKEN_LENGTH_MAX) return undefined
  const payload = (await read().catch(() => undefined))?.payload
  return typeof payload?.exp === 'number' ? (payload as TokenPayload) : undefined
}
