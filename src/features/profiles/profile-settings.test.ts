import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createLocalTimeFormat } from '../../base/clock.ts'
import { parseBirthday } from './profile-settings.ts'

test('a reader born today where the readers are is accepted, whichever day it is in UTC', () => {
  const zone = fc.constantFrom('Asia/Shanghai', 'Pacific/Kiritimati', 'America/Los_Angeles', 'UTC')
  const moment = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) })
  fc.assert(
    fc.property(zone, moment, (timeZone, now) => {
      const dayAt = (at: number) => createLocalTimeFormat(timeZone)(new Date(at)).slice(0, 10)
      assert.equal(parseBirthday(dayAt(now), dayAt(now)), dayAt(now))
      assert.throws(() => parseBirthday(dayAt(now + 86_400_000), dayAt(now)), /in the past/)
    }),
    { numRuns: 30 },
  )
})
