import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseIsoTime, parseMoment } from './iso-time.ts'

const utc = (at: Date) => at.toISOString().slice(0, -1)

test('a moment is read in the forms that programs and databases write', () => {
  const at = Date.UTC(2026, 10, 5, 1, 30)
  const forms = ['2026-11-05T09:30:00+08:00', '2026-11-05 09:30:00+08', '20261105T093000+0800', '20261105T013000Z', '2026-11-05t01:30z']
  for (const text of forms) assert.equal(parseMoment(text), at, text)
  assert.equal(parseMoment('2026-11-05 09:30:00.123456+08'), at + 123)
  for (const text of ['2026-11-05', '2026-11-05T09:30:00', '2026-1105T093000Z']) assert.equal(parseMoment(text), undefined, text)
})

test('any day that exists is read exactly, and one that does not exist is refused', () => {
  const two = (value: number) => String(value).padStart(2, '0')
  const part = (max: number) => fc.integer({ min: 0, max })
  const separators = fc.constantFrom(['-', ':'] as const, ['', ''] as const)
  fc.assert(
    fc.property(
      fc.integer({ min: 1000, max: 9000 }),
      part(13),
      part(32),
      part(25),
      part(61),
      separators,
      (year, month, day, hour, minute, [dash, colon]) => {
        const text = `${year}${dash}${two(month)}${dash}${two(day)}T${two(hour)}${colon}${two(minute)}${colon}07Z`
        const exists =
          month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate() && hour < 24 && minute < 60
        assert.equal(parseMoment(text), exists ? Date.UTC(year, month - 1, day, hour, minute, 7) : undefined, text)
        assert.equal(parseIsoTime(text, utc) !== undefined, exists)
      },
    ),
  )
  for (const text of ['2027-02-30T03:00:00Z', '2026-11-05T09:30:00+99:99', '2026-11-05T09:30:60Z'])
    assert.equal(parseMoment(text), undefined, text)
})

test('a year that clocks of another zone do not show in four digits is none', () => {
  const eastern = (at: Date) =>
    new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'medium' }).format(at).replace(' ', 'T')
  for (const text of ['0000-01-01', '0001-01-01', '0999-12-31', '9999-12-31 23:00:00'])
    assert.equal(parseIsoTime(text, eastern), undefined, text)
  for (const text of ['1000-01-01', '9998-12-31 23:00:00']) assert.ok(parseIsoTime(text, eastern), text)
})
