// What mallory can do to a token without the key: nothing. Each forgery is sent as a client would send it.

import assert from 'node:assert/strict'
import { createHmac, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { before, test } from 'node:test'
import { EncryptJWT } from 'jose'
import { cleanup } from '../support/cleanup.ts'
import { type Person, type Product } from '../support/product.ts'
import { useSharedProduct } from '../support/shared-product.ts'

let product: Product
let alice: Person
let header: Record<string, unknown>
let claims: Record<string, any>
let jwk: { x: string; kid: string }

before(async () => {
  product = await useSharedProduct()
  alice = await product.signIn('alice')
  const [first, second] = alice.token.split('.').map(part => part && Buffer.from(part, 'base64url').toString())
  header = JSON.parse(first as string)
  claims = JSON.parse(second as string)
  jwk = (await product.request('GET', '/.well-known/jwks.json')).body.keys.find((key: { kid: string }) => key.kid === header.kid)
})

const encode = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const { privateKey: otherKey } = generateKeyPairSync('ed25519')
const signOther = (head: unknown, body: unknown) => {
  const text = `${encode(head)}.${encode(body)}`
  return `${text}.${sign(null, Buffer.from(text), otherKey).toString('base64url')}`
}
const signHmac = (key: string | Buffer, hash: string, head: unknown = { ...header, alg: 'HS256' }) => {
  const text = `${encode(head)}.${encode(claims)}`
  return `${text}.${createHmac(hash, key).update(text).digest('base64url')}`
}

const get = (token: string, path = '/app/v1_0/user') =>
  product.request('GET', path, undefined, { headers: { authorization: `Bearer ${token}` } })

async function assertRefused(forged: Record<string, string>): Promise<void> {
  for (const [which, token] of Object.entries(forged)) {
    const answer = await get(token)
    assert.deepEqual([answer.status, answer.body.message], [401, 'User must be authorized.'], which)
    assert.equal((await get(token, '/app/v1_0/user/channels')).status, 401, which)
    const renewal = await product.request('PUT', '/app/v1_0/authorizations', {}, { headers: { authorization: `Bearer ${token}` } })
    assert.equal(renewal.status, 403, which)
  }
}

test('forty forgeries of the algorithm, the signature and the form are refused', async () => {
  const [head, body, signature] = alice.token.split('.') as [string, string, string]
  const forged: Record<string, string> = {}
  for (const alg of [
    'none',
    'None',
    'nOnE',
    'NONE',
    '',
    null,
    0,
    [],
    {},
    'HS256',
    'HS384',
    'HS512',
    'RS256',
    'ES256',
    'PS256',
    'Ed448',
    'EdDSA ',
    'eddsa',
  ])
    for (const tail of ['', signature])
      forged[`alg ${JSON.stringify(alg)}${tail ? '' : ' without a signature'}`] = `${encode({ ...header, alg })}.${body}.${tail}`
  Object.assign(forged, {
    'two parts': `${head}.${body}`,
    'four parts': `${alice.token}.${signature}`,
    'five parts': `${alice.token}.${signature}.${signature}`,
    'an empty signature': `${head}.${body}.`,
    'a short signature': `${head}.${body}.${signature.slice(0, 40)}`,
    'a signature of zeros': `${head}.${body}.${encode(Buffer.alloc(64).toString('latin1'))}`,
    'another reader': `${head}.${encode({ ...claims, user_id: '1' })}.${signature}`,
    'another key with our kid': signOther(header, claims),
    'an encrypted token of mallory': await new EncryptJWT(claims)
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', typ: 'rt+jwe', kid: header.kid as string })
      .encrypt(new Uint8Array(32)),
  })
  assert.ok(Object.keys(forged).length >= 40)
  await assertRefused(forged)
})

test('our public key is no secret: a token signed with any form of it is refused', async () => {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: jwk.x }, format: 'jwk' })
  const pem = key.export({ type: 'spki', format: 'pem' }).toString()
  const der = key.export({ type: 'spki', format: 'der' })
  const forms: (string | Buffer)[] = [
    pem,
    pem.trim(),
    ` ${pem}`,
    `${pem}\n`,
    pem.replaceAll('\n', '\r\n'),
    der,
    der.toString('base64'),
    Buffer.from(jwk.x, 'base64url'),
    jwk.x,
    JSON.stringify(jwk),
    `${JSON.stringify(jwk)}\n`,
    JSON.stringify({ keys: [jwk] }),
  ]
  const forged: Record<string, string> = {}
  for (const [i, form] of forms.entries())
    for (const [alg, hash] of [
      ['HS256', 'sha256'],
      ['HS512', 'sha512'],
    ] as const)
      forged[`form ${i} ${alg}`] = signHmac(form, hash, { ...header, alg })
  assert.equal(Object.keys(forged).length, 24)
  await assertRefused(forged)
})

test('a header that names a key of mallory is refused, and nothing is fetched', async () => {
  let fetched = 0
  const canary = createServer((_request, response) => {
    fetched++
    response.end(JSON.stringify({ keys: [{ ...otherKey.export({ format: 'jwk' }), kid: header.kid }] }))
  })
  await new Promise<void>(done => canary.listen(0, '127.0.0.1', done))
  cleanup(async () => void canary.close())
  const url = `http://127.0.0.1:${(canary.address() as AddressInfo).port}/keys`
  const own = createPublicKey(otherKey).export({ format: 'jwk' })
  const forged: Record<string, string> = {}
  for (const kid of ['../../etc/passwd', "1' or '1'='1", 'r0', 'r', 'a1', 'r1\0', 'r01', '', 1, null, {}, ['r1'], 'x'.repeat(600), url])
    forged[`kid ${JSON.stringify(kid).slice(0, 40)}`] = signOther({ ...header, kid }, claims)
  for (const more of [{ jku: url }, { x5u: url }, { jwk: own }, { x5c: ['AAAA'] }, { crit: ['exp'] }, { crit: ['b64'], b64: false }])
    forged[JSON.stringify(more).slice(0, 40)] = signOther({ ...header, ...more }, claims)
  forged['a header of a megabyte'] = `${'a'.repeat(14_000)}.${encode(claims)}.${'a'.repeat(86)}` // Node refuses longer headers itself
  await assertRefused(forged)
  assert.equal(fetched, 0)
})

test('the public keys verify our tokens and hold nothing secret', async () => {
  const { keys } = (await product.request('GET', '/.well-known/jwks.json')).body
  for (const key of keys) assert.deepEqual(Object.keys(key), ['kty', 'crv', 'x', 'kid', 'use', 'alg'])
  const [head, body, signature] = alice.token.split('.') as [string, string, string]
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: jwk.x }, format: 'jwk' })
  assert.ok(verify(null, Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url')))
})

test('a token of one kind is refused wherever another kind is wanted', async () => {
  const trace = 'c'.padEnd(65, 'A')
  const wanted: [string, string, string, Set<number>][] = [
    ['GET', '/app/v1_0/user', alice.refreshToken, new Set([403])],
    ['GET', '/v1/me/sessions', alice.refreshToken, new Set([403])],
    ['PUT', '/app/v1_0/authorizations', alice.token, new Set([403])],
    ['PUT', '/mp/v1_0/authorizations', alice.token, new Set([403])],
    ['PUT', '/mis/v1_0/authorizations', alice.token, new Set([403])],
    ['PUT', '/mis/v1_0/authorizations', alice.refreshToken, new Set([403])],
    ['PUT', '/mis/v1_0/password', alice.token, new Set([401])],
    ['GET', '/v1/admin/jobs', alice.token, new Set([401])],
    ['GET', '/v1/admin/jobs', alice.refreshToken, new Set([401])],
    ['GET', '/app/v1_0/user', trace, new Set([401])],
    ['GET', '/v1/admin/jobs', trace, new Set([401])],
  ]
  for (const [method, path, token, statuses] of wanted) {
    const answer = await product.request(method, path, method === 'PUT' ? {} : undefined, { headers: { authorization: `Bearer ${token}` } })
    assert.ok(statuses.has(answer.status), `${method} ${path} → ${answer.status}`)
  }
})
