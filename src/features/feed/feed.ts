// The feed: asks the recommender what this viewer should see, and shows it. When the recommender has no answer in time,
// a simpler list stands in: a poorer feed, never an empty or a slow one.

import type { ChannelId } from '../../base/id.ts'
import type { Log } from '../../base/log.ts'
import type { Metrics } from '../../base/metrics.ts'
import { invalid, Problem } from '../../base/problem.ts'
import type { Viewer } from '../../base/viewer.ts'
import type { Answer, FeedSource, Recommender, Track } from '../../recommend/contract.ts'
import type { Cards } from '../cards/cards.ts'
import type { WriteId } from '../cards/fragments.ts'

export type Feed = ReturnType<typeof createFeed>

export interface Needs {
  recommender: Recommender
  /** Asked when the recommender has no answer. */
  fallback: Recommender
  cards: Cards
  channelExists: (id: ChannelId) => Promise<boolean>
  metrics: Metrics
  log: Log
}

export interface FeedAsk {
  channelId: ChannelId
  stamp: number
  /** Whether to say why. */
  explain?: boolean
}

const PAGE_SIZE = 10
// A page whose articles were all withdrawn in this moment is rare; after three of them the recommender knows other articles than we do.
const ASK_MOST = 3

export function createFeed({ recommender, fallback, cards, channelExists, metrics, log }: Needs) {
  const pages = metrics.counter('feed_pages_total', 'Feed pages answered', ['source'])

  async function ask(viewer: Viewer, { channelId, stamp, explain }: FeedAsk): Promise<Answer> {
    const asked = { viewer, channelId, count: PAGE_SIZE, stamp, explain }
    try {
      return await recommender.recommend(asked)
    } catch (err) {
      if (err instanceof Problem && err.kind === 'invalid') throw err
      log.warn({ reason: (err as Error).message }, 'recommender gave no answer, so something simpler stands in')
      return fallback.recommend(asked)
    }
  }

  return {
    /** A page as JSON, its articles spliced from what is written already. */
    async page(viewer: Viewer, asked: FeedAsk, writeId: WriteId): Promise<{ source: FeedSource; json: string }> {
      if (!(await channelExists(asked.channelId))) throw invalid('channel_id must be the id of a channel')
      for (let stamp = asked.stamp, tries = 1; ; tries++) {
        const again = { viewer, channelId: asked.channelId, count: PAGE_SIZE, stamp: asked.stamp }
        const answer = tries > ASK_MOST ? await fallback.recommend(again) : await ask(viewer, { ...asked, stamp })
        const source = answer.source ?? 'model'
        const card = await cards.written(
          answer.items.map(item => item.articleId),
          writeId,
        )
        const results = answer.items.flatMap(({ articleId, track, why }) => {
          const beginning = card(articleId)
          return beginning === undefined ? [] : `${beginning},"trace":${traceJson(track)}${why ? `,"why":${JSON.stringify(why)}` : ''}}`
        })
        // An empty page means the end to clients. One whose articles were all withdrawn just now is not: on to the next.
        if (tries <= ASK_MOST && results.length === 0 && answer.items.length > 0 && answer.stamp > 0 && answer.stamp !== stamp) {
          stamp = answer.stamp
          continue
        }
        pages.add([source])
        // A number without articles, or articles without a number, would send clients round for ever.
        const preTimestamp = results.length > 0 && answer.stamp > 0 ? answer.stamp : null
        const funnel = answer.funnel ? `,"funnel":${JSON.stringify(answer.funnel)}` : ''
        return { source, json: `{"message":"OK","data":{"pre_timestamp":${preTimestamp},"results":[${results.join()}]${funnel}}}` }
      }
    },
  }
}

// Our own traces need no escaping; what another recommender sends may hold anything.
const PLAIN = /^[\w-]*$/

function traceJson({ click, collect, share, read }: Track): string {
  if (!PLAIN.test(click + collect + share + read)) return JSON.stringify({ click, collect, share, read })
  return `{"click":"${click}","collect":"${collect}","share":"${share}","read":"${read}"}`
}
