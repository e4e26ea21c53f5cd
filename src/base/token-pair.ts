// Access and refresh tokens. An access token is signed (a JWS: one client reads `user_id` from it), a refresh token is
// encrypted (a JWE). Each kind has its own keys, `typ` and pinned algorithm, so that neither passes as the other
// (RFC 8725 §3.1, §3.11, §3.12). docs/tokens.md takes one apart.

import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import type { JWTPayload } from 'jose'
// Not the whole library, which takes a start three times as long.
import { jwtDecrypt } from 'jose/jwt/decrypt'
import { EncryptJWT } from 'jose/jwt/encrypt'
import { SignJWT } from 'jose/jwt/sign'
import { jwtVerify } from 'jose/jwt/verify'
import type { Clock } from './clock.ts'

export interface TokenKey {
  kid: string
  /** 32 bytes for one purpose. */
  derive(purpose: string): Uint8Array
}

export interface TokenKeys {
  /** The key of new tokens. */
  current(): TokenKey
  /** Undefined if no token of this key is valid. */
  find(kid: string): Promise<TokenKey | undefined>
  all(): TokenKey[]
  /** Calls `listener` when a key is gone: what is remembered of its tokens is no longer true. */
  onRemoved(listener: () => void): void
}

export interface TokenPair {
  issueAccess(payload: JWTPayload): Promise<string>
  issueRefresh(payload: JWTPayload): Promise<string>
  /** Undefined for a token that is not an access token of this pair, or has expired. */
  verifyAccess(token: string): Promise<TokenPayload | undefined>
  verifyRefresh(token: string): Promise<TokenPayload | undefined>
  /** The public keys of access tokens (RFC 7517). */
  publicKeys(): PublicKey[]
}

export type TokenPayload = JWTPayload & { exp: number }

export interface PublicKey {
  kty: string
  crv: string
  x: string
  kid: string
  use: 'sig'
  alg: 'EdDSA'
}

const ACCESS_SECONDS = 2 * 3600 // existing clients expect it
export const REFRESH_SECONDS = 14 * 86_400
const SKEW_SECONDS = 30
// Ours are far shorter: they hold two ids and three dates.
const TOKEN_LENGTH_MAX = 1_000

/** Where PKCS #8 has an Ed25519 key's 32 bytes (RFC 8410 §7): after these. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex')

export interface Needs {
  keys: TokenKeys
  clock: Clock
  /** Tokens for different purposes have different keys. `prefix` begins their kid. */
  purposes: { access: string; refresh: string; prefix: string }
}

export function createTokenPair({ keys, clock, purposes }: Needs): TokenPair {
  const signing = new Map<string, { privateKey: KeyObject; publicKey: KeyObject }>()
  keys.onRemoved(() => signing.clear())

  function signingKeysOf(key: TokenKey) {
    const known = signing.get(key.kid)
    if (known) return known
    const der = Buffer.concat([PKCS8_ED25519, key.derive(purposes.access)])
    const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    const made = { privateKey, publicKey: createPublicKey(privateKey) }
    signing.set(key.kid, made)
    return made
  }
  const encryptionKeyOf = (key: TokenKey) => key.derive(purposes.refresh)
  const kidOf = ({ kid }: TokenKey) => purposes.prefix + kid

  /** The key that a token's header names. Throws if there is none. */
  async function findKey(kid: unknown): Promise<TokenKey> {
    const key = typeof kid === 'string' && kid.startsWith(purposes.prefix) ? await keys.find(kid.slice(purposes.prefix.length)) : undefined
    if (!key) throw new Error('no such key')
    return key
  }

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
    async issueAccess(payload) {
      const key = keys.current()
      const header = { alg: 'EdDSA', typ: 'at+jwt', kid: kidOf(key) }
      return withDates(new SignJWT(payload).setProtectedHeader(header), ACCESS_SECONDS).sign(signingKeysOf(key).privateKey)
    },
    async issueRefresh(payload) {
      const key = keys.current()
      const header = { alg: 'dir', enc: 'A256GCM', typ: 'rt+jwe', kid: kidOf(key) }
      return withDates(new EncryptJWT(payload).setProtectedHeader(header), REFRESH_SECONDS).encrypt(encryptionKeyOf(key))
    },
    verifyAccess: token =>
      payloadOf(token, () =>
        jwtVerify(token, async ({ kid }) => signingKeysOf(await findKey(kid)).publicKey, { ...checks('at+jwt'), algorithms: ['EdDSA'] }),
      ),
    verifyRefresh: token =>
      payloadOf(token, () =>
        jwtDecrypt(token, async ({ kid }) => encryptionKeyOf(await findKey(kid)), {
          ...checks('rt+jwe'),
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
        }),
      ),
    publicKeys: () =>
      keys.all().map(key => {
        const { kty = '', crv = '', x = '' } = signingKeysOf(key).publicKey.export({ format: 'jwk' })
        return { kty, crv, x, kid: kidOf(key), use: 'sig', alg: 'EdDSA' }
      }),
  }
}

async function payloadOf(token: string, read: () => Promise<{ payload: JWTPayload }>): Promise<TokenPayload | undefined> {
  if (token.length > TOKEN_LENGTH_MAX) return undefined
  const payload = (await read().catch(() => undefined))?.payload
  return typeof payload?.exp === 'number' ? (payload as TokenPayload) : undefined
}
