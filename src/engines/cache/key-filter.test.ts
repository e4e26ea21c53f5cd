import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR } from '../../base/clock.ts'
import { createSnowflake } from '../../base/snowflake.ts'
import { createKeyFilter } from './key-filter.ts'

const NOON = Date.UTC(2026, 10, 20, 12)
const idAt = (ms: number) => createSnowflake({ worker: 1, clock: () => ms })()
const settled = () => new Promise(resolve => setImmediate(resolve))

test('an id that is older than the oldest row, or from the future, is refused; seed ids and all others pass', async () => {
  const filter = createKeyFilter({ clock: () => NOON, oldestId: async () => idAt(NOON - 10 * HOUR) })
  assert.ok(filter.mayExist(idAt(NOON - 20 * HOUR)), 'the oldest is not known yet')
  await settled()
  assert.deepEqual(
    [20, 11, 10, 1, 0, -1].map(hours => filter.mayExist(idAt(NOON - hours * HOUR))),
    [false, false, true, true, true, false],
  )
  assert.deepEqual(
    [0n, 1n, 141_000n, 2n ** 63n].map(id => filter.mayExist(id)),
    [false, true, true, false],
  )
})

test('a new row with an older id passes as soon as its change is noted, even while the oldest id is being loaded', async () => {
  let answer: (id: bigint) => void = () => {}
  const filter = createKeyFilter({ clock: () => NOON, oldestId: () => new Promise(resolve => (answer = resolve)) })
  const [older, old] = [idAt(NOON - 30 * HOUR), idAt(NOON - 20 * HOUR)]
  filter.mayExist(old)
  filter.noteChanged([old])
  answer(idAt(NOON - 10 * HOUR))
  await settled()
  assert.deepEqual([filter.mayExist(old), filter.mayExist(older)], [true, false])
  filter.noteChanged([older])
  assert.ok(filter.mayExist(older))
})

test('after changes may have been missed, every plausible id passes until the oldest id is loaded again', async () => {
  let answers: ((id: bigint) => void)[] = []
  const filter = createKeyFilter({ clock: () => NOON, oldestId: () => new Promise(resolve => void answers.push(resolve)) })
  const [older, old] = [idAt(NOON - 20 * HOUR), idAt(NOON - 10 * HOUR)]
  filter.mayExist(old)
  filter.reset() // while it is being loaded
  assert.ok(filter.mayExist(older))
  for (const answer of answers.splice(0)) answer(answers.length === 0 ? old : older)
  await settled()
  answers = []
  filter.reset()
  assert.ok(filter.mayExist(older))
  answers[0]?.(older)
  await settled()
  assert.deepEqual([filter.mayExist(older), filter.mayExist(idAt(NOON - 30 * HOUR))], [true, false])
})

test('in an empty table, or while the database is down, every plausible id passes', async () => {
  let loads = 0
  for (const oldest of [async () => undefined, async () => Promise.reject(new Error('down'))]) {
    const filter = createKeyFilter({ clock: () => NOON, oldestId: () => (loads++, oldest()) })
    for (let i = 0; i < 3; i++) {
      assert.ok(filter.mayExist(idAt(NOON - 100 * HOUR)))
      await settled()
    }
  }
  assert.equal(loads, 6)
})

test('of random ids fewer than one in fifty passes if the oldest article is from this year', async () => {
  const filter = createKeyFilter({ clock: () => NOON, oldestId: async () => idAt(Date.UTC(2026, 5, 1)) })
  filter.mayExist(1n)
  await settled()
  let passed = 0
  for (let i = 0; i < 10_000; i++) if (filter.mayExist((BigInt(Math.floor(Math.random() * 2 ** 31)) << 32n) | BigInt(i))) passed++
  assert.ok(passed < 200, `${passed}`)
})
