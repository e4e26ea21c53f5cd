import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createBulkhead } from './bulkhead.ts'
import { Problem } from './problem.ts'

test('whoever waited too long for a turn is told to come again at once, and asks nobody', async () => {
  const turns = createBulkhead({ concurrency: 1, queueMax: 100, refusal: 'too many wait' })
  let asked = 0
  const silent = async () => {
    asked++
    await sleep(2_200)
    throw new Error('silent')
  }
  const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => turns(silent)))
  assert.equal(asked, 1)
  const refused = outcomes.slice(1).map(one => one.status === 'rejected' && one.reason)
  assert.ok(refused.every(why => why instanceof Problem && why.kind === 'unavailable'))
  assert.equal(await turns(async () => 7), 7)
})
