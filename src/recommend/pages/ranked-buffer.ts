// What a ranking found beyond the page that was served, so that the next page need not rank again. A hint: kept in this
// process only, given up as soon as the viewer does something or time makes it old, and never trusted for what must hold;
// the statement that stores a page looks for itself, also whether another process has served the viewer since.

import { LRUCache } from 'lru-cache'
import { type Clock, MINUTE } from '../../base/clock.ts'
import type { ArticleId, ChannelId } from '../../base/id.ts'
import type { RankedArticle } from '../feeds/for-you.ts'
import type { Watching } from '../pipeline/pipeline-observer.ts'
import type { Page } from './pages.sql.ts'

export interface RankedBuffer {
  /** The page served last; its `older` is what has to be asked for. */
  page: Page
  /** In the order in which they come up. */
  left: RankedArticle[]
  /** New articles of which one may have a place on each page. */
  trials: RankedArticle[]
  funnel: Watching['funnel']
  /** When it was ranked. */
  at: number
}

// Five minutes of news; whoever scrolls longer gets a new ranking.
const LIFE_MS = 5 * MINUTE
const VIEWERS_MAX = 3_000 // some 60 MB with eighty articles and fifty trials each
const TOUCHED_MAX = 100_000

type Taking = { channelId: ChannelId; stamp: number; count: number; besides?: readonly ArticleId[]; last?: readonly ArticleId[] }

export function createRankedBuffers(clock: Clock) {
  const kept = new LRUCache<string, { channelId: ChannelId; remainder: RankedBuffer }>({ max: VIEWERS_MAX })
  const touched = new LRUCache<string, number>({ max: TOUCHED_MAX, ttl: LIFE_MS })
  return {
    /** A viewer has one: reading another channel changes what may come up in this one. */
    put(viewer: string, channelId: ChannelId, remainder: RankedBuffer): void {
      // Ranked before the viewer did something that was heard of while the page was being stored.
      if ((touched.get(viewer) ?? Number.NEGATIVE_INFINITY) >= remainder.at) return
      kept.set(viewer, { channelId, remainder })
    },

    /** Takes it out, if it goes on where this number asks. Nothing is left of one that is too old, or too short for a page of `count`. */
    take(viewer: string, { channelId, stamp, count, besides = [], last = [] }: Taking): RankedBuffer | undefined {
      const one = kept.get(viewer)
      if (!one || one.channelId !== channelId || Number(one.remainder.page.older) !== stamp) return undefined
      kept.delete(viewer)
      // It was ranked for the page before, which may have been asked for otherwise.
      const wanted = ({ id }: RankedArticle) => !besides.includes(id) && !last.includes(id)
      const [left, trials] = [one.remainder.left.filter(wanted), one.remainder.trials.filter(wanted)]
      const enough = left.length >= count && clock() - one.remainder.at < LIFE_MS
      return { ...one.remainder, trials, left: enough ? left : [] }
    },

    /** The viewer did something: what was ranked before no longer says what they want. */
    forget(viewer: string): void {
      kept.delete(viewer)
      touched.set(viewer, clock())
    },
  }
}

export type RankedBuffers = ReturnType<typeof createRankedBuffers>
