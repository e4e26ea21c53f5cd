// Two kinds of token that cannot be taken for one another: an access token is signed (a JWS clients may read: one of them
// takes `user_id` out of it), a refresh token is encrypted (a JWE nobody reads but us). Each has its own key, its own
// `typ` and its one pinned algorithm (RFC 8725 §3.1, §3.11, §3.12).

import { hkdfSync } from 'node:crypto'
import { EncryptJWT, jwtDecrypt, jwtVerify, SignJWT } from 'jose'
import { parseId, type ReaderId, type SessionId } from '../../base/id.ts'

export interface Claims {
  readerId: ReaderId
  sessionId: SessionId
  /** May use the studio. */
  verified: boolean
  /** Milliseconds since 1970. */
  expiresAt: number
}

export interface Tokens {
  access(claims: Omit<Claims, 'expiresAt'>): Promise<string>
  refresh(claims: Omit<Claims, 'expiresAt'>): Promise<string>
  /** Undefined for anything but an access token of ours that has not expired. */
  readAccess(token: string): Promise<Claims | undefined>
  readRefresh(token: string): Promise<Claims | undefined>
}

const ACCESS_SECONDS = 2 * 3600 // what existing clients are used to
export const REFRESH_SECONDS = 14 * 86_400
const SKEW_SECONDS = 30

export function createTokens({ key, clock }: { key: string; clock: () => number }): Tokens {
  const derive = (use: string) => new Uint8Array(hkdfSync('sha256', key, '', `broadsheet ${use}`, 32))
  const signing = derive('access token')
  const sealing = derive('refresh token')
  const seconds = () => Math.floor(clock() / 1000)
  const payload = ({ readerId, sessionId, verified }: Omit<Claims, 'expiresAt'>) => ({
    user_id: readerId.toString(),
    sid: sessionId.toString(),
    ...(verified ? { verified: true } : {}),
  })
  const checks = (typ: string) => ({
    typ,
    issuer: 'broadsheet',
    clockTolerance: SKEW_SECONDS,
    currentDate: new Date(clock()),
    requiredClaims: ['exp', 'iat'],
  })
  return {
    access: claims =>
      new SignJWT(payload(claims))
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
        .setIssuer('broadsheet')
        .setIssuedAt(seconds())
        .setExpirationTime(seconds() + ACCESS_SECONDS)
        .sign(signing),
    refresh: claims =>
      new EncryptJWT(payload(claims))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', typ: 'rt+jwe' })
        .setIssuer('broadsheet')
        .setIssuedAt(seconds())
        .setExpirationTime(seconds() + REFRESH_SECONDS)
        .encrypt(sealing),
    readAccess: token => attempt(async () => (await jwtVerify(token, signing, { ...checks('at+jwt'), algorithms: ['HS256'] })).payload),
    readRefresh: token =>
      attempt(async () => {
        const options = { ...checks('rt+jwe'), keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] }
        return (await jwtDecrypt(token, sealing, options)).payload
      }),
  }
}

// A token longer than this is none of ours: 64-bit ids and three dates do not fill it.
const TOKEN_LENGTH_MAX = 1_000

async function attempt(read: () => Promise<Record<string, unknown>>): Promise<Claims | undefined> {
  const payload = await read().catch(() => undefined)
  const readerId = typeof payload?.user_id === 'string' ? parseId(payload.user_id) : undefined
  const sessionId = typeof payload?.sid === 'string' ? parseId(payload.sid) : undefined
  if (!payload || !readerId || !sessionId || typeof payload.exp !== 'number') return undefined
  return {
    readerId: readerId as ReaderId,
    sessionId: sessionId as SessionId,
    verified: payload.verified === true,
    expiresAt: payload.exp * 1000,
  }
}

export const isTooLong = (token: string) => token.length > TOKEN_LENGTH_MAX
