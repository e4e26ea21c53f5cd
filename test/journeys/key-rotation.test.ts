import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCli } from '../support/cli.ts'
import { startProduct } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'

const kidOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] as string, 'base64url').toString()).kid as string

test('after `keys rotate` the running server signs with the new key, and with --end-old everyone signs in again', async () => {
  const product = await startProduct({ alwaysEmbedded: true })
  const env = { DATABASE_URL: product.databaseUrl, DATA_DIR: product.dataDir }
  const alice = await product.signIn('alice')
  const rotate = async (...flags: string[]) => (await runCli(env, ['keys', 'rotate', '--json', ...flags])).json.kid as string

  const kid = await rotate()
  const later = await eventually(
    () => product.signIn('alice'),
    ({ token }) => kidOf(token) === `r${kid}`,
  )
  assert.notEqual(kidOf(alice.token), kidOf(later.token))
  assert.equal((await alice.get('/app/v1_0/user')).status, 200, 'a token of the old key is valid until it expires')

  await rotate('--end-old')
  for (const person of [alice, later]) {
    const answer = await eventually(
      () => person.get('/app/v1_0/user'),
      ({ status }) => status !== 200,
    )
    assert.equal(answer.status, 401)
    const renewal = { headers: { authorization: `Bearer ${person.refreshToken}` } }
    assert.equal((await product.request('PUT', '/app/v1_0/authorizations', {}, renewal)).status, 403)
  }
  assert.equal((await product.signIn('alice')).token.split('.').length, 3)
})
