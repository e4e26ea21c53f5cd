import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, HOUR, MINUTE, SECOND } from '../../base/clock.ts'
import { findDueSlots } from './due-slots.ts'
import { parseSchedule } from './schedule.ts'

const NOON = Date.UTC(2026, 10, 20, 12)

test('after ten minutes without a worker, the catch-up policy decides how many slots run; the rest is counted as missed', () => {
  const minutely = parseSchedule('* * * * *', 'Asia/Shanghai')
  const now = NOON + 30 * SECOND
  const due = (catchUp: Parameters<typeof findDueSlots>[3]) => findDueSlots(minutely, NOON - 9 * MINUTE, now, catchUp)
  assert.deepEqual(due('none'), { run: [], missed: 10, next: NOON + MINUTE })
  assert.deepEqual(due('latest'), { run: [NOON], missed: 9, next: NOON + MINUTE })
  assert.deepEqual(due({ all: 5 }), { run: [4, 3, 2, 1, 0].map(ago => NOON - ago * MINUTE), missed: 5, next: NOON + MINUTE })
  assert.deepEqual(due({ all: 100 }).missed, 0)
})

test('a slot that is found a few seconds late is not missed', () => {
  const everySecond = parseSchedule('every 1s', 'UTC')
  assert.deepEqual(findDueSlots(everySecond, NOON - 3 * SECOND, NOON, 'none').run.length, 4)
  assert.deepEqual(findDueSlots(everySecond, NOON - 20 * SECOND, NOON, 'none'), {
    run: Array.from({ length: 10 }, (_, i) => NOON - (9 - i) * SECOND),
    missed: 11,
    next: NOON + SECOND,
  })
})

test('the due slots of years without a worker are found in milliseconds', t => {
  const startedAt = performance.now()
  const everySecond = findDueSlots(parseSchedule('* * * * * *', 'Europe/Berlin'), NOON - 3_650 * DAY, NOON, { all: 3 })
  assert.deepEqual(
    everySecond.run.map(slot => NOON - slot),
    Array.from({ length: 10 }, (_, i) => 9_000 - i * 1_000),
  )
  assert.ok(everySecond.missed > 3_900)
  const interval = findDueSlots(parseSchedule('every 100ms', 'UTC'), NOON - 10 * HOUR, NOON, 'none')
  assert.equal(interval.missed, 10 * 36_000 + 1 - 100, 'an interval is counted whole')
  t.diagnostic(`${Math.round(performance.now() - startedAt)} ms`) // slot by slot it would be minutes
})
