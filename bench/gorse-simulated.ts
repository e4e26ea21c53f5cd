// Gorse as a feed of the simulated world: it is fed articles and clicks, and asked for pages, over its REST API, and writes back what it
// showed. Simulated times are shifted to before now, as what is later does not count for it. It trains each few simulated hours, and is
// waited for; it makes the lists of all users anew then, not only those of users who did something.

import type { ArticleId, PageId } from '../src/base/id.ts'
import { BY_FEEDBACK, get, post } from './gorse-server.ts'
import { trainGorse } from './gorse-training.ts'
import { PAGE_LENGTH } from './simulated-feeds.ts'
import type { VisitedFeed } from './simulated-visits.ts'
import { STARTED_AT, type WorldArticle } from './simulated-world.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const TRAINS_EVERY = Number(process.env.GORSE_TRAINS_EVERY_HOURS ?? 12) * HOUR
/** So many rounds have one search for parameters. */
const SEARCHES_EVERY = 7
const TRENDING_MS = 12 * HOUR

/** As its example has it, with tags (channel and author) instead of embeddings: ranked by factorization machines. */
export const SIMULATED = `[recommend]
cache_expire = "1ms"
[recommend.data_source]
positive_feedback_types = ["click"]
read_feedback_types = ["exposure"]
[[recommend.non-personalized]]
name = "popular"
score = "count(feedback, .FeedbackType == 'click')"
[[recommend.non-personalized]]
name = "trending"
score = "count(feedback, .FeedbackType == 'click')"
[[recommend.item-to-item]]
name = "tags"
type = "tags"
column = "item.Labels"
${BY_FEEDBACK}[recommend.ranker]
type = "fm"
fit_period = "1000h"
recommenders = ["latest", "collaborative", "non-personalized/popular", "non-personalized/trending", "item-to-item/neighbors", "item-to-item/tags", "user-to-user/neighbors"]
[recommend.ranker.early_stopping]
patience = 10
[recommend.fallback]
recommenders = ["item-to-item/neighbors", "latest"]`

export function createGorseFeed(url: string): VisitedFeed {
  const shift = Date.now() - STARTED_AT - 8 * DAY // a simulated week, and one day
  const timeOf = (at: number) => new Date(at + shift).toISOString()
  const seen = new Map<string, Set<ArticleId>>()
  const seenBy = (reader: string) => {
    const own = seen.get(reader) ?? new Set()
    seen.set(reader, own)
    return own
  }
  let unsent: WorldArticle[] = []
  let trainsAt = STARTED_AT + TRAINS_EVERY
  let rounds = 0
  let lastId = 0n

  async function sendArticles(): Promise<void> {
    if (unsent.length === 0) return
    const items = unsent.map(({ id, channelId, authorId, publishedAt }) => ({
      ItemId: String(id),
      Categories: [`channel-${channelId}`],
      Labels: { channel: `channel-${channelId}`, author: `author-${authorId}` },
      Timestamp: timeOf(publishedAt),
    }))
    unsent = []
    await post(`${url}/api/items`, items)
  }

  function train(now: number): Promise<void> {
    const period = rounds++ % SEARCHES_EVERY === 0 ? '360m' : '0s'
    return trainGorse(url, recommend => {
      recommend.collaborative.optimize_period = period
      recommend.ranker.optimize_period = period
      // What is "lately" is said as a time: its clock is not that of the simulation.
      recommend['non-personalized'][1].score =
        `count(feedback, .FeedbackType == 'click' && .Timestamp > date('${timeOf(now - TRENDING_MS)}'))`
    })
  }

  return {
    publish(article) {
      unsent.push(article)
    },
    async servePage(reader, at) {
      await sendArticles()
      if (at >= trainsAt) {
        await train(at)
        trainsAt = at + TRAINS_EVERY
      }
      const ids = await get<string[]>(`${url}/api/recommend/${reader}?n=${PAGE_LENGTH}&write-back-type=exposure`)
      const articleIds = ids.map(id => BigInt(id) as ArticleId)
      for (const id of articleIds) seenBy(reader).add(id)
      const id = ++lastId as PageId
      return { id, articleIds, nextCursor: -id }
    },
    click: (reader, { articleIds }, place, at) =>
      post(`${url}/api/feedback`, [{ FeedbackType: 'click', UserId: reader, ItemId: String(articleIds[place]), Timestamp: timeOf(at) }]),
    hasSeen: (reader, id) => seenBy(reader).has(id),
  }
}
