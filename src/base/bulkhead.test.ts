import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createBulkhead } from './bulkhead.ts'
import { Problem } from './problem.ts'

test('calls that waited too long are refused together, without running', async () => {
  const run = createBulkhead({ concurrency: 1, queueMax: 100, refusal: 'too many calls are waiting' })
  let started = 0
  const hang = async () => {
    started++
    await sleep(2_200)
    throw new Error('timed out')
  }
  const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => run(hang)))
  assert.equal(started, 1)
  const reasons = outcomes.slice(1).map(outcome => outcome.status === 'rejected' && outcome.reason)
  assert.ok(reasons.every(reason => reason instanceof Problem && reason.kind === 'unavailable'))
  assert.equal(await run(async () => 7), 7, 'the next call runs')
})
