import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import { createCatalogue } from '../catalogue/catalogue.ts'
import { traceCandidate } from '../explain/trace-candidate.ts'
import { runPipeline } from '../pipeline/pipeline.ts'
import { NO_LEADERBOARDS } from '../policy/leaderboards.ts'
import { DEFAULT_POLICY } from '../policy/policy.ts'
import { NO_DIALS, type RankingRequest, type ViewerHistory } from '../ranking-query.ts'
import { createCovisits } from '../sources/covisits.ts'
import { createForYouFeed } from './for-you.ts'

const NOW = Date.UTC(2026, 5, 1)
const [CLICKED, CHANGED] = [1n as ArticleId, 2n as ArticleId]
const observer = { step() {}, removed() {}, failed() {} }

test('an article that is changed while a ranking reads is one candidate, with its new channel', async () => {
  const catalogue = createCatalogue(() => NOW)
  const put = (id: ArticleId, channelId: number) =>
    catalogue.put({ id, authorId: 1n as ReaderId, channelId: channelId as ChannelId, publishedAt: NOW, language: 'zh' })
  const covisits = createCovisits()
  for (const id of [CLICKED, CHANGED]) {
    put(id, 1)
    covisits.recordClick('r1', id, NOW)
  }
  const pipeline = createForYouFeed({
    catalogue,
    covisits,
    readersLike: { next: () => [] },
    leaderboards: NO_LEADERBOARDS,
    findWithWords: async () => new Set(),
    learner: { isTrusted: () => false, appealOf: () => new Float64Array(), hasTrees: () => false },
  })
  let answer: (history: ViewerHistory) => void = () => {}
  const request = (): RankingRequest => ({
    viewerKey: 'd1',
    channelId: 0 as ChannelId,
    now: NOW,
    count: 10,
    policy: DEFAULT_POLICY,
    context: {
      loadedAt: NOW,
      interests: Promise.resolve({
        followedIds: new Set(),
        recentClicks: [{ id: CLICKED, at: NOW }],
        dislikedIds: new Set(),
        blockedIds: new Set(),
        dials: NO_DIALS,
      }),
      history: new Promise(resolve => (answer = resolve)),
    },
  })
  /** The history comes after all else, and after a change of the article. */
  const changedMeanwhile = async <T>(channelId: number, run: Promise<T>): Promise<T> => {
    await new Promise(setImmediate)
    put(CHANGED, channelId)
    answer({ seenIds: new Set(), recentlyServed: new Map() })
    return run
  }
  const { chosen } = await changedMeanwhile(2, runPipeline(pipeline, request(), observer))
  assert.deepEqual(
    chosen.filter(({ id }) => id === CHANGED).map(({ facts, from }) => [facts.channelId, from.includes('covisited')]),
    [[2, true]],
  )
  const traced = await changedMeanwhile(3, traceCandidate(pipeline, { id: CHANGED, find: catalogue.get }, request()))
  assert.ok(traced.sources.includes('covisited') && traced.rank !== null)
})
