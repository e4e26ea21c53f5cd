import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR, MINUTE } from '../../base/clock.ts'
import type { AdministratorId, AdministratorSessionId, ReaderId, SessionId } from '../../base/id.ts'
import { createFixedKeys, signClaims } from '../../base/token-keys.fixture.ts'
import { createReaderTokens } from '../accounts/reader-tokens.ts'
import { createAdminTokens } from './admin-tokens.ts'

const KEY = 'k'.repeat(32)
const NOON = Date.UTC(2026, 10, 20, 12)
const EDITOR = { administratorId: 1234567890123456789n as AdministratorId, sessionId: 1134567890123456780n as AdministratorSessionId }
const tokensAt = (now = NOON, key = KEY) => createAdminTokens({ keys: createFixedKeys(key), clock: () => now })

test('a token of a reader or an administrator passes as its own kind only, although one setting is the key of all', async () => {
  const admins = tokensAt()
  const readers = createReaderTokens({ keys: createFixedKeys(KEY), clock: () => NOON })
  const reader = { readerId: 1n as ReaderId, sessionId: 2n as SessionId, verified: true, generation: 0 }
  const tokens = {
    'admin access': await admins.issueAccess(EDITOR),
    'admin refresh': await admins.issueRefresh(EDITOR),
    'reader access': await readers.issueAccess(reader),
    'reader refresh': await readers.issueRefresh(reader),
  }
  const verifiers = {
    'admin access': admins.verifyAccess,
    'admin refresh': admins.verifyRefresh,
    'reader access': readers.verifyAccess,
    'reader refresh': readers.verifyRefresh,
  }
  for (const [verifier, verify] of Object.entries(verifiers))
    for (const [kind, token] of Object.entries(tokens))
      assert.equal((await verify(token)) !== undefined, verifier === kind, `${kind} as ${verifier}`)
  assert.deepEqual(await admins.verifyAccess(tokens['admin access']), { ...EDITOR, expiresAt: NOON + 2 * HOUR })
})

test('a token with the right claims, signed with the key of readers or with another algorithm, is refused', async () => {
  const claims = { administrator_id: '1', sid: '2', iss: 'broadsheet', iat: NOON / 1000, exp: NOON / 1000 + 60 }
  const sign = (purpose: string, header: object) => signClaims(createFixedKeys(KEY), purpose, header, claims)
  const right = { alg: 'EdDSA', typ: 'at+jwt', kid: 'a1' }
  const { verifyAccess } = tokensAt()
  assert.ok(await verifyAccess(sign('administrator access token', right)), 'the right key and header')
  assert.equal(await verifyAccess(sign('access token', { ...right, kid: 'r1' })), undefined)
  assert.equal(await verifyAccess(sign('access token', right)), undefined)
  assert.equal(await verifyAccess(sign('administrator access token', { ...right, typ: undefined })), undefined)
  assert.equal(await verifyAccess(sign('administrator access token', { ...right, alg: 'none' })), undefined)
  assert.equal(await verifyAccess(`${sign('administrator access token', right)}${'x'.repeat(2_000)}`), undefined)
})

test('a token is refused after its expiry, and by another installation', async () => {
  const token = await tokensAt().issueAccess(EDITOR)
  assert.equal(await tokensAt(NOON + 2 * HOUR + MINUTE).verifyAccess(token), undefined)
  assert.equal(await tokensAt(NOON, 'x'.repeat(32)).verifyAccess(token), undefined)
})
