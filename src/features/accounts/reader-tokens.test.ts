import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { EncryptJWT } from 'jose'
import { HOUR, MINUTE, SECOND } from '../../base/clock.ts'
import type { ReaderId, SessionId } from '../../base/id.ts'
import { createFixedKeys, signClaims } from '../../base/token-keys.fixture.ts'
import { createReaderTokens } from './reader-tokens.ts'

const KEY = 'k'.repeat(32)
const NOON = Date.UTC(2026, 10, 20, 12)
const ALICE = { readerId: 1234567890123456789n as ReaderId, sessionId: 1134567890123456780n as SessionId, verified: false, generation: 0 }

function tokensAt(key = KEY) {
  const time = { now: NOON }
  return { time, ...createReaderTokens({ keys: createFixedKeys(key), clock: () => time.now }) }
}
const partsOf = (token: string) => token.split('.').map(part => Buffer.from(part, 'base64url').toString())
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const KEYS = createFixedKeys(KEY)
const sign = (header: unknown, claims: unknown) => signClaims(KEYS, 'access token', header as object, claims as object)
const signSymmetric = (header: unknown, claims: unknown, key: Buffer | string, hash = 'sha256') => {
  const text = `${encode(header)}.${encode(claims)}`
  return `${text}.${createHmac(hash, key).update(text).digest('base64url')}`
}

test('a client that reads an access token, finds the ids of the reader and the session as text', async () => {
  const [header, payload] = partsOf(await tokensAt().issueAccess({ ...ALICE, verified: true })).map(part =>
    part.startsWith('{') ? JSON.parse(part) : part,
  )
  assert.deepEqual(header, { alg: 'EdDSA', typ: 'at+jwt', kid: 'r1' })
  assert.deepEqual(payload, {
    user_id: '1234567890123456789',
    sid: '1134567890123456780',
    verified: true,
    iss: 'broadsheet',
    iat: NOON / 1000,
    exp: NOON / 1000 + 7200,
  })
})

test('a token passes as its own kind and as no other', async () => {
  const tokens = tokensAt()
  const [access, refresh] = [await tokens.issueAccess(ALICE), await tokens.issueRefresh(ALICE)]
  assert.deepEqual(await tokens.verifyAccess(access), { ...ALICE, expiresAt: NOON + 2 * HOUR })
  assert.deepEqual(await tokens.verifyRefresh(refresh), { ...ALICE, expiresAt: NOON + 14 * 24 * HOUR })
  assert.equal(await tokens.verifyAccess(refresh), undefined)
  assert.equal(await tokens.verifyRefresh(access), undefined)
})

test('a token expires at its time, with half a minute of tolerance for wrong clocks', async () => {
  const tokens = tokensAt()
  const access = await tokens.issueAccess(ALICE)
  tokens.time.now = NOON + 2 * HOUR + 29 * SECOND
  assert.ok(await tokens.verifyAccess(access))
  tokens.time.now = NOON + 2 * HOUR + MINUTE
  assert.equal(await tokens.verifyAccess(access), undefined)
})

test('a client that decodes a refresh token, finds no reader id', async () => {
  const refresh = await tokensAt().issueRefresh(ALICE)
  assert.ok(!partsOf(refresh).join().includes('1234567890123456789'))
})

test('a token of another installation is refused', async () => {
  const other = tokensAt('x'.repeat(32))
  assert.equal(await tokensAt().verifyAccess(await other.issueAccess(ALICE)), undefined)
  assert.equal(await tokensAt().verifyRefresh(await other.issueRefresh(ALICE)), undefined)
})

test('a token with a wrong header or wrong claims is refused, even if it is signed with our key', async () => {
  const { verifyAccess } = tokensAt()
  const claims = { user_id: '1', sid: '2', iss: 'broadsheet', iat: NOON / 1000, exp: NOON / 1000 + 60 }
  const header = { alg: 'EdDSA', typ: 'at+jwt', kid: 'r1' }
  const [publicKey] = tokensAt().publicKeys()
  const seed = Buffer.from(KEYS.current().derive('access token'))
  assert.ok(await verifyAccess(sign(header, claims)), 'the right header and claims')
  const without = (name: string) => ({ ...claims, [name]: undefined })
  const wrong: Record<string, string> = {
    'another typ': sign({ ...header, typ: 'JWT' }, claims),
    'no typ': sign({ ...header, typ: undefined }, claims),
    'no kid': sign({ ...header, kid: undefined }, claims),
    'the kid of administrators': sign({ ...header, kid: 'a1' }, claims),
    'a kid that does not exist': sign({ ...header, kid: 'r2' }, claims),
    'our public key as a secret': signSymmetric({ ...header, alg: 'HS256' }, claims, Buffer.from(publicKey?.x as string, 'base64url')),
    'our public key as JSON': signSymmetric({ ...header, alg: 'HS256' }, claims, JSON.stringify(publicKey)),
    'our private key as a secret': signSymmetric({ ...header, alg: 'HS512' }, claims, seed, 'sha512'),
    'no algorithm': `${encode({ ...header, alg: 'none' })}.${encode(claims)}.`,
    'another issuer': sign(header, { ...claims, iss: 'other' }),
    'no expiry': sign(header, without('exp')),
    'no time of issue': sign(header, without('iat')),
    'no reader': sign(header, without('user_id')),
    'no session': sign(header, without('sid')),
    'a number for a reader': sign(header, { ...claims, user_id: 1 }),
    'a reader id out of range': sign(header, { ...claims, user_id: '99999999999999999999' }),
    'the unhashed setting as key': signSymmetric({ ...header, alg: 'HS256' }, claims, KEY),
    'a critical extension': sign({ ...header, crit: ['b64'], b64: false }, claims),
  }
  for (const [which, token] of Object.entries(wrong)) assert.equal(await verifyAccess(token), undefined, which)
})

test('a refresh token encrypted with another algorithm or typ is refused', async () => {
  const { verifyRefresh } = tokensAt()
  const key = KEYS.current().derive('refresh token')
  const sealed = (header: { alg: string; enc: string; typ?: string; kid?: string }) =>
    new EncryptJWT({ user_id: '1', sid: '2' })
      .setProtectedHeader(header)
      .setIssuer('broadsheet')
      .setIssuedAt(NOON / 1000)
      .setExpirationTime(NOON / 1000 + 60)
      .encrypt(key)
  assert.ok(await verifyRefresh(await sealed({ alg: 'dir', enc: 'A256GCM', typ: 'rt+jwe', kid: 'r1' })), 'the right header and claims')
  assert.equal(await verifyRefresh(await sealed({ alg: 'dir', enc: 'A256GCM', typ: 'at+jwt', kid: 'r1' })), undefined)
  assert.equal(await verifyRefresh(await sealed({ alg: 'dir', enc: 'A256GCM', kid: 'r1' })), undefined)
  assert.equal(await verifyRefresh(await sealed({ alg: 'A256KW', enc: 'A256GCM', typ: 'rt+jwe', kid: 'r1' })), undefined)
  assert.equal(await verifyRefresh(await sealed({ alg: 'dir', enc: 'A256GCM', typ: 'rt+jwe' })), undefined)
})

test('a token with one changed character is refused', async () => {
  const tokens = tokensAt()
  // biome-ignore format: pairs
  for (const [token, read] of [[await tokens.issueAccess(ALICE), tokens.verifyAccess], [await tokens.issueRefresh(ALICE), tokens.verifyRefresh]] as const)
    for (let i = 0; i < token.length - 1; i += 3) {
      if (token[i + 1] === '.') continue // the last character of a part may have bits that say nothing
      const changed = token.slice(0, i) + (token[i] === 'A' ? 'B' : 'A') + token.slice(i + 1)
      assert.equal(await read(changed), undefined, `${i} of ${token.length}`)
    }
})

test('after a rotation new tokens have the new key, and those of the old key are still accepted', async () => {
  const clock = () => NOON
  const [before, after, later] = [['1'], ['1', '2'], ['2']].map(kids => createReaderTokens({ keys: createFixedKeys(KEY, kids), clock }))
  const old = await before?.issueAccess(ALICE)
  const oldRefresh = await before?.issueRefresh(ALICE)
  assert.ok(await after?.verifyAccess(old as string))
  assert.ok(await after?.verifyRefresh(oldRefresh as string))
  assert.equal(JSON.parse(partsOf((await after?.issueAccess(ALICE)) as string)[0] as string).kid, 'r2')
  assert.equal(await later?.verifyAccess(old as string), undefined)
  assert.equal(await later?.verifyRefresh(oldRefresh as string), undefined)
})
