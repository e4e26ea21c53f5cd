// Keys of tokens without a database, for tests.

import { createPrivateKey, hkdfSync, sign } from 'node:crypto'
import type { TokenKey, TokenKeys } from './token-pair.ts'

/** The last of `kids` signs. */
export function createFixedKeys(secret: string, kids = ['1']): TokenKeys {
  const all: TokenKey[] = kids.map(kid => ({
    kid,
    derive: purpose => new Uint8Array(hkdfSync('sha256', secret, kid, `broadsheet ${purpose}`, 32)),
  }))
  return {
    current: () => all.at(-1) as TokenKey,
    find: async kid => all.find(key => key.kid === kid),
    all: () => all,
    onRemoved: () => {},
  }
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Signs claims as our access tokens are signed, with any header. */
export function signClaims(keys: TokenKeys, purpose: string, header: object, claims: object): string {
  const seed = keys.current().derive(purpose)
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  const text = `${encode(header)}.${encode(claims)}`
  const signature = sign(null, Buffer.from(text), createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
  return `${text}.${signature.toString('base64url')}`
}
