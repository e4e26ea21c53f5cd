// The feed: asks the recommender what this viewer should see, and shows it. When the recommender has no answer in time,
// the newest articles stand in: a poorer feed, never an empty or a slow one.

import { type ChannelId, RECOMMENDED } from '../../base/id.ts'
import type { Log } from '../../base/log.ts'
import type { Metrics } from '../../base/metrics.ts'
import { invalid, Problem } from '../../base/problem.ts'
import type { Viewer } from '../../base/viewer.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Answer, Recommender, Track } from '../../recommend/contract.ts'
import type { Cards } from '../cards/cards.ts'
import { newestArticles } from './feed.sql.ts'

export type Feed = ReturnType<typeof createFeed>

export interface Needs {
  db: Db
  recommender: Recommender
  cards: Cards
  channelExists: (id: ChannelId) => Promise<boolean>
  metrics: Metrics
  log: Log
}

export interface FeedAsk {
  channelId: ChannelId
  stamp: number
}

/** Where the answer came from; clients and operators see it in X-Feed-Source. */
export type FeedSource = 'model' | 'newest'

const PAGE_SIZE = 10

export function createFeed({ db, recommender, cards, channelExists, metrics, log }: Needs) {
  const pages = metrics.counter('feed_pages_total', 'Feed pages answered', ['source'])

  async function ask(viewer: Viewer, { channelId, stamp }: FeedAsk): Promise<{ answer: Answer; source: FeedSource }> {
    try {
      return { answer: await recommender.recommend({ viewer, channelId, count: PAGE_SIZE, stamp }), source: 'model' }
    } catch (err) {
      if (!(err instanceof Problem) || err.kind === 'invalid') throw err
      log.warn({ reason: err.message, kind: err.kind }, 'recommender gave no answer, so the newest stand in')
      return { answer: await newest(channelId, stamp), source: 'newest' }
    }
  }

  /** In order of age; a page's number is the publishing time of its last article. */
  async function newest(channelId: ChannelId, stamp: number): Promise<Answer> {
    const articles = await newestArticles(db, channelId === RECOMMENDED ? undefined : channelId, stamp, PAGE_SIZE)
    const none: Track = { click: '', collect: '', share: '', read: '' }
    const items = articles.map(({ id }) => ({ articleId: id, track: none }))
    return { exposure: '', stamp: articles.at(-1)?.publishedAt ?? 0, items }
  }

  return {
    async page(viewer: Viewer, asked: FeedAsk) {
      if (!(await channelExists(asked.channelId))) throw invalid('channel_id must be the id of a channel')
      for (let stamp = asked.stamp; ; ) {
        const { answer, source } = await ask(viewer, { ...asked, stamp })
        const known = await cards.of(answer.items.map(item => item.articleId))
        const results = answer.items.flatMap(({ articleId, track }) => {
          const card = known.get(articleId)
          return card ? [{ ...card, trace: track }] : []
        })
        // An empty page means the end to clients. One whose articles were all withdrawn just now is not: on to the next.
        if (results.length === 0 && answer.items.length > 0 && answer.stamp > 0 && answer.stamp !== stamp) {
          stamp = answer.stamp
          continue
        }
        pages.add([source])
        // A number without articles, or articles without a number, would send clients round for ever.
        return { source, page: { pre_timestamp: results.length > 0 && answer.stamp > 0 ? answer.stamp : null, results } }
      }
    },
  }
}
