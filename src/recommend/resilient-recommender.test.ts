import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { retryUntilDone } from '../../test/support/waiting.ts'
import { RECOMMENDED_CHANNEL } from '../base/id.ts'
import { createMetrics } from '../base/metrics.ts'
import { unavailable } from '../base/problem.ts'
import type { RecommendResponse } from './contract.ts'
import { createResilientRecommender } from './resilient-recommender.ts'

const REQUEST = { viewer: { kind: 'anonymous' } as const, channelId: RECOMMENDED_CHANNEL, count: 10, cursor: 1 }

test('an open circuit breaker is logged once, and how many calls it refused when it closes', async () => {
  const lines: { msg: string; state?: string; without?: number }[] = []
  const log = pino({ level: 'info' }, { write: line => void lines.push(JSON.parse(line)) })
  let isDown = true
  const response: RecommendResponse = { exposureToken: '', nextCursor: 1, items: [] }
  const recommender = { recommend: async () => (isDown ? Promise.reject(unavailable('down')) : response) }
  const resilient = createResilientRecommender({ recommender, deadlineMs: 60_000, concurrencyMax: 8, log, metrics: createMetrics() })
  for (let i = 0; i < 500; i++) await assert.rejects(resilient.recommend(REQUEST))
  // On a machine that was paused the breaker has tried the recommender again.
  const opened = lines.filter(line => line.state === 'Open').length
  assert.ok(opened >= 1 && lines.length <= 9 + 2 * opened, `${lines.length} lines`)
  isDown = false
  let refused = 0
  await retryUntilDone(async () => {
    refused++
    await resilient.recommend(REQUEST)
    refused--
  })
  const refusedAsLogged = lines.reduce((sum, { without = 0 }) => sum + without, 0)
  assert.deepEqual(
    [lines.at(-1)?.state, refusedAsLogged + lines.filter(line => line.msg === 'recommender gave no answer').length],
    ['Closed', 500 + refused],
  )
})

test('what the recommender has in memory is answered while the circuit breaker is open', async () => {
  const log = pino({ level: 'silent' })
  const response: RecommendResponse = { exposureToken: '', nextCursor: 1, items: [] }
  const recommender = { recall: () => response, recommend: () => Promise.reject(unavailable('down')) }
  const resilient = createResilientRecommender({ recommender, deadlineMs: 60_000, concurrencyMax: 8, log, metrics: createMetrics() })
  await retryUntilOpen(() => resilient.recommend(REQUEST))
  assert.equal(resilient.recall?.(REQUEST), response)
})

test('a recommender that fails to recall an answer is asked for one', () => {
  const recall = () => {
    throw new Error('broken')
  }
  const recommender = { recall, recommend: () => Promise.reject(unavailable('down')) }
  const log = pino({ level: 'silent' })
  const resilient = createResilientRecommender({ recommender, deadlineMs: 60_000, concurrencyMax: 8, log, metrics: createMetrics() })
  assert.equal(resilient.recall?.(REQUEST), undefined)
})

async function retryUntilOpen(call: () => Promise<unknown>): Promise<void> {
  // Calls that fail at once leave no turn to a timer.
  for (let tries = 0; tries < 1_000; tries++) {
    const failure = await call().then(
      () => undefined,
      (err: Error) => err,
    )
    if (failure?.message.includes('circuit breaker')) return
  }
  assert.fail('the circuit breaker never opens')
}
