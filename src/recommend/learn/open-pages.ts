// Pages of which more may be heard: what was seen of them, and what was clicked.

import type { ArticleId, PageId } from '../../base/id.ts'
import type { ServedPage } from './log-entry.ts'

export interface OpenPage {
  viewer: string
  articleIds: ArticleId[]
  /** Seconds since 1970. */
  openedAt: number
  /** The last place that was certainly seen; -1 if none was. */
  seenTo: number
  /** The last place that the model was told of. */
  toldTo: number
  /** Places. */
  clicked: number[]
  /** Of the articles, one after the other, when the first was clicked: later the click would be in them. */
  features: Float32Array
  /** Of the page that continues it. */
  continuation: string
}

/** Clicks come until two days after the page; most within minutes. Some 8 MB. */
const PAGES_MAX = 4_000
/** After so long, what was seen of a page is taken as all that will be. */
const SETTLED_AFTER_S = 30 * 60

const NO_FEATURES = new Float32Array(0)

const keyOf = (viewer: string, channelId: number, cursor: bigint) => `${viewer} ${channelId} ${cursor}`

export function createOpenPages() {
  const data = {
    pages: new Map<PageId, OpenPage>(),
    /** By the key of the continuation. */
    continued: new Map<string, PageId>(),
    /** The longest open first. */
    unsettled: new Set<PageId>(),
  }

  function remove(id: PageId): void {
    const page = data.pages.get(id)
    if (page) data.continued.delete(page.continuation)
    data.pages.delete(id)
    data.unsettled.delete(id)
  }

  return {
    find: (id: PageId) => data.pages.get(id),
    open({ id, viewer, channelId, nextCursor, articleIds }: ServedPage, now: number): void {
      const page = { viewer, articleIds, openedAt: now, seenTo: -1, toldTo: -1, clicked: [], features: NO_FEATURES }
      const continuation = keyOf(viewer, channelId, nextCursor)
      data.pages.set(id, { ...page, continuation })
      data.unsettled.add(id)
      data.continued.set(continuation, id)
      if (data.pages.size > PAGES_MAX) remove(data.pages.keys().next().value as PageId)
    },
    /** The page that this one continues: all of it was seen. */
    findContinued({ viewer, channelId, continues }: ServedPage): OpenPage | undefined {
      const id = continues === null ? undefined : data.continued.get(keyOf(viewer, channelId, continues))
      const page = id === undefined ? undefined : data.pages.get(id)
      if (id !== undefined) data.unsettled.delete(id)
      return page
    },
    /** Takes the next page that is taken as seen as far as it will be. */
    takeSettled(now: number): OpenPage | undefined {
      const id = data.unsettled.values().next().value
      const page = id === undefined ? undefined : data.pages.get(id)
      if (id === undefined || !page || page.openedAt > now - SETTLED_AFTER_S) return undefined
      data.unsettled.delete(id)
      return page
    },
    data,
  }
}
