import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fnv1a } from '../../evaluate/measure/fnv1a.ts'
import { measureImpression } from '../../evaluate/measure/impression-metrics.ts'
import { replay } from '../../evaluate/measure/replay.ts'
import { createScoreboard } from '../../evaluate/measure/scoreboard.ts'

test('the tie hash is FNV-1a with 32 bits', () => {
  // The published test vectors.
  assert.deepEqual(['', 'a', 'foobar'].map(fnv1a), [0x811c9dc5, 0xe40c292c, 0xbf9cf968])
})

test('the metrics of an impression are those of a calculation by hand', () => {
  // Ranked: article 1 (clicked), 3, 0 (clicked), 2.
  const metrics = measureImpression([1, 1, 0, 0], [0.2, 0.9, 0.1, 0.5], [0, 0, 0, 0])
  const ideal = 1 + 1 / Math.log2(3)
  assert.deepEqual(metrics, { auc: 3 / 4, mrr: (1 + 1 / 3) / 2, ndcg5: 1.5 / ideal, ndcg10: 1.5 / ideal })
})

test('equal scores count half for the AUC, and the hash of impression and article orders them', () => {
  const last = measureImpression([1, 0, 0], [7, 7, 7], [1, 2, 3])
  const first = measureImpression([1, 0, 0], [7, 7, 7], [3, 2, 1])
  assert.deepEqual([last?.auc, last?.mrr, first?.auc, first?.mrr], [0.5, 1 / 3, 0.5, 1])
})

test('an impression where everything or nothing was clicked is not measured', () => {
  assert.equal(measureImpression([1, 1], [1, 2], [0, 0]), undefined)
  assert.equal(measureImpression([0, 0], [1, 2], [0, 0]), undefined)
})

test('an impression is learned from a minute after it, and not before', () => {
  const calls: string[] = []
  replay([{ at: 0 }, { at: 30 }, { at: 60 }, { at: 91 }], {
    learn: ({ at }) => calls.push(`learn ${at}`),
    rank: ({ at }) => calls.push(`rank ${at}`),
  })
  assert.deepEqual(calls, ['rank 0', 'rank 30', 'learn 0', 'rank 60', 'learn 30', 'rank 91'])
})

test('the interval resamples users with all their impressions, and is the same every time', () => {
  const rowOf = (user: (i: number) => number) => {
    const board = createScoreboard()
    for (let i = 0; i < 400; i++) board.add('row', user(i), { auc: Math.floor(i / 20) % 2 })
    return board.rows().row
  }
  const [many, few] = [rowOf(i => i), rowOf(i => Math.floor(i / 20))]
  assert.equal(many?.auc, 0.5)
  assert.equal(many?.hr10, null)
  assert.deepEqual(many?.ci95, rowOf(i => i)?.ci95)
  const width = ([low, high]: [number, number] = [0, 0]) => high - low
  // Twenty impressions a user, all alike, say no more than one: the interval is √20 times as wide.
  assert.ok(width(few?.ci95.auc) > 3 * width(many?.ci95.auc))
})
