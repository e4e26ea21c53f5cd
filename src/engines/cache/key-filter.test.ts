import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR } from '../../base/clock.ts'
import { createSnowflake } from '../../base/snowflake.ts'
import { createKeyFilter } from './key-filter.ts'

const NOON = Date.UTC(2026, 10, 20, 12)
const idAt = (ms: number) => createSnowflake({ worker: 1, clock: () => ms })()
const settled = () => new Promise(resolve => setImmediate(resolve))

test('what is older than all there is, or from the future, is refused; seeds and the rest are let through', async () => {
  const gate = createKeyFilter({ clock: () => NOON, oldestId: async () => idAt(NOON - 10 * HOUR) })
  assert.ok(gate.mayExist(idAt(NOON - 20 * HOUR)), 'not known yet')
  await settled()
  assert.deepEqual(
    [20, 11, 10, 1, 0, -1].map(hours => gate.mayExist(idAt(NOON - hours * HOUR))),
    [false, false, true, true, true, false],
  )
  assert.deepEqual(
    [0n, 1n, 141_000n, 2n ** 63n].map(id => gate.mayExist(id)),
    [false, true, true, false],
  )
})

test('an older one that comes to be is let through as soon as it is told of, even while the oldest is being asked for', async () => {
  let answer: (id: bigint) => void = () => {}
  const gate = createKeyFilter({ clock: () => NOON, oldestId: () => new Promise(resolve => (answer = resolve)) })
  const [older, old] = [idAt(NOON - 30 * HOUR), idAt(NOON - 20 * HOUR)]
  gate.mayExist(old)
  gate.noteChanged([old])
  answer(idAt(NOON - 10 * HOUR))
  await settled()
  assert.deepEqual([gate.mayExist(old), gate.mayExist(older)], [true, false])
  gate.noteChanged([older])
  assert.ok(gate.mayExist(older))
})

test('after something may have come to be unheard, anything may be until the oldest is known anew', async () => {
  let answers: ((id: bigint) => void)[] = []
  const gate = createKeyFilter({ clock: () => NOON, oldestId: () => new Promise(resolve => void answers.push(resolve)) })
  const [older, old] = [idAt(NOON - 20 * HOUR), idAt(NOON - 10 * HOUR)]
  gate.mayExist(old)
  gate.reset() // while it is being asked for
  assert.ok(gate.mayExist(older))
  for (const answer of answers.splice(0)) answer(answers.length === 0 ? old : older)
  await settled()
  answers = []
  gate.reset()
  assert.ok(gate.mayExist(older))
  answers[0]?.(older)
  await settled()
  assert.deepEqual([gate.mayExist(older), gate.mayExist(idAt(NOON - 30 * HOUR))], [true, false])
})

test('where there is nothing yet, or the oldest cannot be had, anything may be', async () => {
  let asked = 0
  for (const oldest of [async () => undefined, async () => Promise.reject(new Error('away'))]) {
    const gate = createKeyFilter({ clock: () => NOON, oldestId: () => (asked++, oldest()) })
    for (let i = 0; i < 3; i++) {
      assert.ok(gate.mayExist(idAt(NOON - 100 * HOUR)))
      await settled()
    }
  }
  assert.equal(asked, 6)
})

test('of random ids hardly one in a hundred is let through where the oldest article is from this year', async () => {
  const gate = createKeyFilter({ clock: () => NOON, oldestId: async () => idAt(Date.UTC(2026, 5, 1)) })
  gate.mayExist(1n)
  await settled()
  let through = 0
  for (let i = 0; i < 10_000; i++) if (gate.mayExist((BigInt(Math.floor(Math.random() * 2 ** 31)) << 32n) | BigInt(i))) through++
  assert.ok(through < 200, `${through}`)
})
