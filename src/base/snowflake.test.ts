import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { HOUR, SECOND } from './clock.ts'
import { Problem } from './problem.ts'
import { createSnowflake, decodeSnowflake, EPOCH_MS, isPlausibleId } from './snowflake.ts'

const NOON = Date.UTC(2026, 10, 20, 12)

/** A clock that a test sets by hand. */
function handClock(now = NOON) {
  const clock = Object.assign(() => clock.now, { now })
  return clock
}

const refused = (err: unknown) => err instanceof Problem && err.kind === 'unavailable' && err.details.code === 'id_clock'

test('an id tells when and by whom it was made', () => {
  const newId = createSnowflake({ worker: 1023, clock: handClock() })
  newId()
  assert.deepEqual(decodeSnowflake(newId()), { at: new Date(NOON), worker: 1023, sequence: 1 })
})

test('ids of one millisecond differ, and the 4,097th of it borrows the next', () => {
  const newId = createSnowflake({ worker: 1, clock: handClock() })
  const ids = Array.from({ length: 4_097 }, newId)
  assert.equal(new Set(ids).size, ids.length)
  assert.deepEqual(decodeSnowflake(ids[4_095] as bigint), { at: new Date(NOON), worker: 1, sequence: 4_095 })
  assert.deepEqual(decodeSnowflake(ids[4_096] as bigint), { at: new Date(NOON + 1), worker: 1, sequence: 0 })
})

test('ids grow without a duplicate whatever the clock does, and two workers never make the same one', () => {
  const someSteps = fc.array(
    fc.record({ by: fc.integer({ min: -4 * SECOND, max: 4 * SECOND }), ids: fc.integer({ min: 1, max: 6_000 }) }),
    {
      maxLength: 12,
    },
  )
  fc.assert(
    fc.property(someSteps, steps => {
      const clock = handClock()
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

test('a clock set back by 5 s is waited out on borrowed time, by more it is refused until the clock is right again', () => {
  const clock = handClock()
  const newId = createSnowflake({ worker: 0, clock })
  const before = newId()
  clock.now = NOON - 5 * SECOND
  assert.ok(newId() > before)
  clock.now = NOON - 60 * SECOND
  assert.throws(newId, refused)
  clock.now = NOON + 1
  assert.ok(newId() > before)
})

test('a refusal uses nothing up', () => {
  const clock = handClock()
  const newId = createSnowflake({ worker: 0, clock })
  newId()
  clock.now = NOON - HOUR
  for (let i = 0; i < 10_000; i++) assert.throws(newId, refused)
  clock.now = NOON
  assert.equal(decodeSnowflake(newId()).sequence, 1)
})

test('no id is made later than what is reserved, nor in a moment the previous holder may have used', () => {
  const clock = handClock()
  let high = NOON + 10
  const newId = createSnowflake({ worker: 0, clock, lastUsedMs: NOON + 3, reservedUntilMs: () => high })
  assert.equal(decodeSnowflake(newId()).at.getTime(), NOON + 4)
  clock.now = NOON + 10
  newId()
  clock.now = NOON + 11
  assert.throws(newId, refused)
  high = NOON + 20
  assert.equal(decodeSnowflake(newId()).at.getTime(), NOON + 11)
})

test('a clock from before the epoch, or from after 2080, makes no ids', () => {
  assert.throws(createSnowflake({ worker: 0, clock: () => 0 }), refused)
  assert.throws(createSnowflake({ worker: 0, clock: () => EPOCH_MS + 2 ** 41 }), refused)
})

test('there are 1,024 worker numbers', () => {
  for (const worker of [-1, 1024, 0.5]) assert.throws(() => createSnowflake({ worker, clock: Date.now }), RangeError)
})

test('an id is possible when it is a seed or was made by now', () => {
  const id = createSnowflake({ worker: 7, clock: () => NOON })()
  assert.ok(isPlausibleId(id, NOON))
  assert.ok(isPlausibleId(141_000n, NOON), 'the original data is numbered from 1')
  assert.ok(!isPlausibleId(0n, NOON) && !isPlausibleId(-5n, NOON))
  assert.ok(!isPlausibleId(id + (BigInt(HOUR) << 22n), NOON), 'an hour from now')
  assert.ok(!isPlausibleId(2n ** 63n - 1n, NOON) && !isPlausibleId(2n ** 63n, NOON) && !isPlausibleId(2n ** 70n + 1n, NOON))
})
