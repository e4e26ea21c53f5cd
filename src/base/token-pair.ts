// Two kinds of token that cannot be taken for one another: an access token is signed (a JWS clients may read: one of them
// takes `user_id` out of it), a refresh token is encrypted (a JWE nobody reads but us). Each has its own key, its own
// `typ` and its one pinned algorithm (RFC 8725 §3.1, §3.11, §3.12).

import { hkdfSync } from 'node:crypto'
import { EncryptJWT, type JWTPayload, jwtDecrypt, jwtVerify, SignJWT } from 'jose'
import type { Clock } from './clock.ts'

export interface TokenPair {
  issueAccess(payload: JWTPayload): Promise<string>
  issueRefresh(payload: JWTPayload): Promise<string>
  /** Undefined for anything but an access token of this pair that has not expired. */
  verifyAccess(token: string): Promise<TokenPayload | undefined>
  verifyRefresh(token: string): Promise<TokenPayload | undefined>
}

export type TokenPayload = JWTPayload & { exp: number }

const ACCESS_SECONDS = 2 * 3600 // what existing clients are used to
export const REFRESH_SECONDS = 14 * 86_400
const SKEW_SECONDS = 30
// A token longer than this is none of ours: 64-bit ids and three dates do not fill it.
const TOKEN_LENGTH_MAX = 1_000

/** `uses` name what the two are for: other names are other keys. */
export function createTokenPair({
  key,
  clock,
  purposes,
}: {
  key: string
  clock: Clock
  purposes: { access: string; refresh: string }
}): TokenPair {
  const derive = (use: string) => new Uint8Array(hkdfSync('sha256', key, '', `broadsheet ${use}`, 32))
  const signing = derive(purposes.access)
  const sealing = derive(purposes.refresh)
  const seconds = () => Math.floor(clock() / 1000)
  const checks = (typ: string) => ({
    typ,
    issuer: 'broadsheet',
    clockTolerance: SKEW_SECONDS,
    currentDate: new Date(clock()),
    requiredClaims: ['exp', 'iat'],
  })
  const dated = <T extends SignJWT | EncryptJWT>(token: T, life: number): T =>
    token
      .setIssuer('broadsheet')
      .setIssuedAt(seconds())
      .setExpirationTime(seconds() + life) as T
  return {
    issueAccess: payload => dated(new SignJWT(payload).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' }), ACCESS_SECONDS).sign(signing),
    issueRefresh: payload =>
      dated(new EncryptJWT(payload).setProtectedHeader({ alg: 'dir', enc: 'A256GCM', typ: 'rt+jwe' }), REFRESH_SECONDS).encrypt(sealing),
    verifyAccess: token => attempt(token, () => jwtVerify(token, signing, { ...checks('at+jwt'), algorithms: ['HS256'] })),
    verifyRefresh: token =>
      attempt(token, () =>
        jwtDecrypt(token, sealing, { ...checks('rt+jwe'), keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] }),
      ),
  }
}

async function attempt(token: string, read: () => Promise<{ payload: JWTPayload }>): Promise<TokenPayload | undefined> {
  if (token.length > TOKEN_LENGTH_MAX) return undefined
  const payload = (await read().catch(() => undefined))?.payload
  return typeof payload?.exp === 'number' ? (payload as TokenPayload) : undefined
}
