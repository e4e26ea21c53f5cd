import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY } from '../../base/clock.ts'
import { Problem } from '../../base/problem.ts'
import { parseSchedule } from './schedule.ts'
import { createTimeZone } from './time-zone.ts'

/** The first `count` slots after a moment. */
function firstSlots(text: string, zone: string, after: string, count: number): string[] {
  const { next } = parseSchedule(text, zone)
  const slots: string[] = []
  for (let at = next(Date.parse(after)); at !== undefined && slots.length < count; at = next(at))
    slots.push(new Date(at).toISOString().replace(/:00\.000Z$/, 'Z'))
  return slots
}

test('a cron expression means the time of its zone', () => {
  assert.deepEqual(firstSlots('0 3 * * *', 'Asia/Shanghai', '2026-11-20T12:00:00Z', 2), ['2026-11-20T19:00Z', '2026-11-21T19:00Z'])
})

test('slots within a skipped hour run once, right after it', () => {
  const berlin = (text: string) => firstSlots(text, 'Europe/Berlin', '2026-03-28T22:59:00Z', 4)
  assert.deepEqual(berlin('30 2 * * *'), ['2026-03-29T01:00Z', '2026-03-30T00:30Z', '2026-03-31T00:30Z', '2026-04-01T00:30Z'])
  assert.deepEqual(berlin('*/20 2 * * *'), ['2026-03-29T01:00Z', '2026-03-30T00:00Z', '2026-03-30T00:20Z', '2026-03-30T00:40Z'])
  assert.deepEqual(berlin('0 2,3 * * *'), ['2026-03-29T01:00Z', '2026-03-30T00:00Z', '2026-03-30T01:00Z', '2026-03-31T00:00Z'])
  assert.deepEqual(firstSlots('0 * * * *', 'Europe/Berlin', '2026-03-28T23:30:00Z', 3), [
    '2026-03-29T00:00Z',
    '2026-03-29T01:00Z',
    '2026-03-29T02:00Z',
  ])
})

test('a pattern that names a repeated hour runs the first time only', () => {
  const berlin = (text: string, count: number) => firstSlots(text, 'Europe/Berlin', '2026-10-24T22:00:00Z', count)
  assert.deepEqual(berlin('30 2 * * *', 2), ['2026-10-25T00:30Z', '2026-10-26T01:30Z'])
  assert.deepEqual(berlin('*/30 2 * * *', 3), ['2026-10-25T00:00Z', '2026-10-25T00:30Z', '2026-10-26T01:00Z'])
  assert.deepEqual(berlin('0 */2 * * *', 3), ['2026-10-25T00:00Z', '2026-10-25T03:00Z', '2026-10-25T05:00Z'])
  assert.deepEqual(
    firstSlots('30 2 * * *', 'Europe/Berlin', '2026-10-25T01:10:00Z', 1),
    ['2026-10-26T01:30Z'],
    'from within the second pass',
  )
})

test('a pattern for every hour runs in both passes of a repeated hour', () => {
  assert.deepEqual(firstSlots('*/30 * * * *', 'Europe/Berlin', '2026-10-24T23:59:00Z', 5), [
    '2026-10-25T00:00Z',
    '2026-10-25T00:30Z',
    '2026-10-25T01:00Z',
    '2026-10-25T01:30Z',
    '2026-10-25T02:00Z',
  ])
})

test('the same rule holds for clocks that change by half an hour, or at midnight', () => {
  assert.deepEqual(firstSlots('15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T00:00:00Z', 2), ['2026-10-03T15:30Z', '2026-10-04T15:15Z'])
  assert.deepEqual(firstSlots('45 1 * * *', 'Australia/Lord_Howe', '2027-04-03T00:00:00Z', 2), ['2027-04-03T14:45Z', '2027-04-04T15:15Z'])
  assert.deepEqual(firstSlots('0 0 * * *', 'America/Santiago', '2026-09-05T12:00:00Z', 2), ['2026-09-06T04:00Z', '2026-09-07T03:00Z'])
  assert.deepEqual(firstSlots('30 23 * * *', 'America/Santiago', '2026-04-04T12:00:00Z', 2), ['2026-04-05T02:30Z', '2026-04-06T03:30Z'])
})

test('a daily job runs exactly once on every day of three years in zones of every kind', () => {
  for (const zone of [
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'America/Santiago',
    'America/Havana',
    'Africa/Casablanca',
    'Asia/Shanghai',
  ])
    for (const text of ['30 2 * * *', '0 0 * * *', '15 1 * * *', '59 23 * * *']) {
      const { next } = parseSchedule(text, zone)
      const { offset } = createTimeZone(zone)
      const start = Date.UTC(2026, 0, 1, 12)
      const days: string[] = []
      for (let at = next(start); at !== undefined && at <= start + 3 * 365 * DAY; at = next(at))
        days.push(new Date(at + offset(at)).toISOString().slice(0, 10))
      assert.ok(days.length >= 3 * 365 - 1 && days.length <= 3 * 365 + 1, `${text} in ${zone}: ${days.length}`)
      assert.equal(new Set(days).size, days.length, `${text} in ${zone} ran twice on a day`)
    }
})

test('intervals are aligned to 1970, so every process finds the same slots', () => {
  assert.deepEqual(firstSlots('every 10m', 'Asia/Shanghai', '2026-11-20T12:34:56Z', 2), ['2026-11-20T12:40Z', '2026-11-20T12:50Z'])
  assert.equal(parseSchedule('every 100 ms', 'UTC').next(1_050), 1_100)
  assert.equal(parseSchedule('every 100ms', 'UTC').count?.(1_000, 2_000), 10)
})

test('a one-shot has one slot', () => {
  assert.deepEqual(firstSlots('at 2026-11-20T20:00:00+08:00', 'UTC', '2026-11-20T11:59:59Z', 5), ['2026-11-20T12:00Z'])
  assert.deepEqual(firstSlots('at 2026-11-20T12:00:00Z', 'UTC', '2026-11-20T12:00:00Z', 5), [])
})

test('an invalid schedule is refused with a sentence', () => {
  const invalidTexts = [
    '',
    'x',
    '* * *',
    '60 * * * *',
    '-1 * * * *',
    '*/0 * * * *',
    '0 3 * * 8',
    '@sometimes',
    '2026-01-01T00:00:00',
    '?',
  ].concat(
    ['every', 'every -5s', 'every 0s', 'every 99ms', 'every 367d', 'every 1e3s', 'every 5', 'every 999999999999d', 'every 5 weeks'],
    ['at', 'at noon', 'at 2026-11-20', 'at 2026-11-20T03:00:00', 'at 2026-13-20T03:00:00Z', 'at 99999-01-01T00:00:00Z'],
    ['* '.repeat(150), `${'1,'.repeat(2_000_000)}1 * * * *`],
  )
  for (const text of invalidTexts)
    assert.throws(
      () => parseSchedule(text, 'Asia/Shanghai'),
      (err: Problem) => err instanceof Problem && err.kind === 'invalid',
      text.slice(0, 40),
    )
})

test('a date that does not exist has no slot', () => {
  assert.equal(parseSchedule('0 0 30 2 *', 'Europe/Berlin').next(Date.UTC(2026, 0)), undefined)
})

test('a moment that does not exist is refused', () => {
  for (const moment of ['2027-02-30T03:00:00Z', '2027-04-31T03:00:00Z', '2027-01-01T24:30:00Z'])
    assert.throws(() => parseSchedule(`at ${moment}`, 'UTC'), /A moment is a date/)
})
