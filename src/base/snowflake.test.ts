import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { HOUR, SECOND } from './clock.ts'
import { Problem } from './problem.ts'
import { createSnowflake, decodeSnowflake, EPOCH_MS, isPlausibleId } from './snowflake.ts'

const NOON = Date.UTC(2026, 10, 20, 12)

/** A clock whose time the test sets. */
function manualClock(now = NOON) {
  const clock = Object.assign(() => clock.now, { now })
  return clock
}

const refused = (err: unknown) => err instanceof Problem && err.kind === 'unavailable' && err.details.code === 'id_clock'

test('an id contains its time and its worker', () => {
  const newId = createSnowflake({ worker: 1023, clock: manualClock() })
  newId()
  assert.deepEqual(decodeSnowflake(newId()), { at: new Date(NOON), worker: 1023, sequence: 1 })
})

test('the 4,097th id of a millisecond borrows from the next millisecond', () => {
  const newId = createSnowflake({ worker: 1, clock: manualClock() })
  const ids = Array.from({ length: 4_097 }, newId)
  assert.equal(new Set(ids).size, ids.length)
  assert.deepEqual(decodeSnowflake(ids[4_095] as bigint), { at: new Date(NOON), worker: 1, sequence: 4_095 })
  assert.deepEqual(decodeSnowflake(ids[4_096] as bigint), { at: new Date(NOON + 1), worker: 1, sequence: 0 })
})

test('ids grow without duplicates however the clock jumps, across two workers', () => {
  const someSteps = fc.array(
    fc.record({ by: fc.integer({ min: -4 * SECOND, max: 4 * SECOND }), ids: fc.integer({ min: 1, max: 6_000 }) }),
    {
      maxLength: 12,
    },
  )
  fc.assert(
    fc.property(someSteps, steps => {
      const clock = manualClock()
      const makers = [3, 4].map(worker => createSnowflake({ worker, clock }))
      const newest = [0n, 0n]
      const all = new Set<bigint>()
      let made = 0
      for (const { by, ids } of steps) {
        clock.now += by
        makers.forEach((newId, i) => {
          for (let n = 0; n < ids; n++) {
            let id: bigint
            try {
              id = newId()
            } catch (err) {
              if (refused(err)) break
              throw err
            }
            assert.ok(id > (newest[i] as bigint), 'grows')
            newest[i] = id
            all.add(id)
            made++
          }
        })
      }
      assert.equal(all.size, made)
    }),
    { numRuns: 50 },
  )
})

test('a clock set back by 5 s still makes ids; set back by more, it makes none until it has caught up', () => {
  const clock = manualClock()
  const newId = createSnowflake({ worker: 0, clock })
  const before = newId()
  clock.now = NOON - 5 * SECOND
  assert.ok(newId() > before)
  clock.now = NOON - 60 * SECOND
  assert.throws(newId, refused)
  clock.now = NOON + 1
  assert.ok(newId() > before)
})

test('a refused call uses up no sequence number', () => {
  const clock = manualClock()
  const newId = createSnowflake({ worker: 0, clock })
  newId()
  clock.now = NOON - HOUR
  for (let i = 0; i < 10_000; i++) assert.throws(newId, refused)
  clock.now = NOON
  assert.equal(decodeSnowflake(newId()).sequence, 1)
})

test('ids stay after what the previous owner used and within what is reserved', () => {
  const clock = manualClock()
  let reserved = NOON + 10
  const newId = createSnowflake({ worker: 0, clock, lastUsedMs: NOON + 3, reservedUntilMs: () => reserved })
  assert.equal(decodeSnowflake(newId()).at.getTime(), NOON + 4)
  clock.now = NOON + 10
  newId()
  clock.now = NOON + 11
  assert.throws(newId, refused)
  reserved = NOON + 20
  assert.equal(decodeSnowflake(newId()).at.getTime(), NOON + 11)
})

test('a clock before the epoch or after 2080 makes no ids', () => {
  assert.throws(createSnowflake({ worker: 0, clock: () => 0 }), refused)
  assert.throws(createSnowflake({ worker: 0, clock: () => EPOCH_MS + 2 ** 41 }), refused)
})

test('there are 1,024 worker numbers', () => {
  for (const worker of [-1, 1024, 0.5]) assert.throws(() => createSnowflake({ worker, clock: Date.now }), RangeError)
})

test('an id is plausible if it is a seed id or was made by now', () => {
  const id = createSnowflake({ worker: 7, clock: () => NOON })()
  assert.ok(isPlausibleId(id, NOON))
  assert.ok(isPlausibleId(141_000n, NOON), 'the original data has ids from 1')
  assert.ok(!isPlausibleId(0n, NOON) && !isPlausibleId(-5n, NOON))
  assert.ok(!isPlausibleId(id + (BigInt(HOUR) << 22n), NOON), 'an hour from now')
  assert.ok(!isPlausibleId(2n ** 63n - 1n, NOON) && !isPlausibleId(2n ** 63n, NOON) && !isPlausibleId(2n ** 70n + 1n, NOON))
})
