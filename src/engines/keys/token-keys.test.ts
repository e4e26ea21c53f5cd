import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../../test/support/database.ts'
import { eventually } from '../../../test/support/waiting.ts'
import type { Change } from '../../base/change.ts'
import { openTokenKeys } from './token-keys.ts'

const { db } = await testDatabase()
const secret = 's'.repeat(32)

test('two processes that start together use the same keys, and another secret makes other keys', async () => {
  const [one, two] = await Promise.all([openTokenKeys({ db, secret }), openTokenKeys({ db, secret })])
  const ofOne = one.current()
  const same = await two.find(ofOne.kid)
  assert.deepEqual(same?.derive('access token'), ofOne.derive('access token'))
  assert.notDeepEqual(ofOne.derive('access token'), ofOne.derive('refresh token'))
  const stranger = await openTokenKeys({ db, secret: 'x'.repeat(32) })
  assert.notDeepEqual((await stranger.find(ofOne.kid))?.derive('access token'), ofOne.derive('access token'))
})

test('a process that meets the key of a rotation elsewhere loads it, and asks once a second for keys that do not exist', async () => {
  let now = 0
  const [one, two] = [await openTokenKeys({ db, secret }), await openTokenKeys({ db, secret, now: () => now })]
  const old = one.current().kid
  const kid = await one.rotate({ endOld: false })
  assert.equal(await two.find(kid), undefined, 'it has just loaded them')
  now = 1_001
  assert.equal((await two.find(kid))?.kid, kid)
  assert.equal(two.current().kid, kid)
  assert.equal((await two.find(old))?.kid, old, 'its tokens are still valid')
})

test('a rotation that ends old keys is not missed by a process that is just loading them', async () => {
  const answered = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  let isHeld = false
  const slowDb = db.withPlugin({
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      if (!isHeld) return result
      answered.resolve()
      await held.promise
      return result
    },
  })
  let now = 0
  const [one, two] = [await openTokenKeys({ db, secret }), await openTokenKeys({ db: slowDb, secret, now: () => now })]
  const old = two.current().kid
  now = 1_001
  isHeld = true
  const invented = two.find('999999999')
  await answered.promise
  const kid = await one.rotate({ endOld: true })
  two.applyChanges([{ topic: 'token_key', key: BigInt(kid) } as Change])
  isHeld = false
  held.resolve()
  await invented
  await eventually(
    () => two.current().kid,
    current => current === kid,
  )
  assert.equal(await two.find(old), undefined)
})

test('a rotation that ends old keys tells who remembers their tokens', async () => {
  const [one, two] = [await openTokenKeys({ db, secret }), await openTokenKeys({ db, secret })]
  const old = two.current().kid
  let told = 0
  two.onRemoved(() => told++)
  const kid = await one.rotate({ endOld: true })
  two.clear()
  await eventually(
    () => two.current().kid,
    current => current === kid,
  )
  assert.equal(told, 1)
  assert.equal(await two.find(old), undefined)
  assert.deepEqual(
    (await two.list()).map(key => key.kid),
    [kid],
  )
})
