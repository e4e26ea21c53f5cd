// The articles of the last day that most viewers opened, and those that most readers commented on. They are the same for all
// viewers, except for what a viewer has turned off.

import { LRUCache } from 'lru-cache'
import type { ArticleId } from '../../base/id.ts'
import { type Language, languageOf } from '../../base/language.ts'
import type { Viewer } from '../../base/viewer.ts'
import { viewerKeyOf } from '../../base/viewer-key.ts'
import type { Db } from '../../engines/database/database.ts'
import { findOfferedIds } from '../../engines/database/visible.sql.ts'
import type { Card } from '../cards/cards.schema.ts'
import type { Cards } from '../cards/cards.ts'
import { listDiscussedIds, listHotIds } from './popular.sql.ts'

export type PopularList = 'hot' | 'discussed'
/** With a language, only articles in it. */
export type ListPopular = (list: PopularList, viewer: Viewer, language?: Language) => Promise<Card[]>

const SHOWN_MAX = 10
/** Kept for viewers who have turned some of them off, or want one language. */
const KEPT_MAX = 60
/** Counting takes tens of milliseconds, and a day's numbers change slowly. */
const TTL_MS = 60_000

export function createListPopular({ db, cards }: { db: Db; cards: Cards }): ListPopular {
  const lists = new LRUCache<PopularList, ArticleId[]>({
    max: 2,
    ttl: TTL_MS,
    fetchMethod: list => (list === 'hot' ? listHotIds(db, KEPT_MAX) : listDiscussedIds(db, KEPT_MAX)),
  })
  return async (list, viewer, language) => {
    const ids = (await lists.fetch(list)) ?? []
    const viewerKey = viewerKeyOf(viewer)
    const offered = viewerKey === undefined ? undefined : await findOfferedIds(db, ids, viewerKey)
    const cardOf = await cards.of(
      ids.filter(id => !offered || offered.has(id)),
      viewer,
    )
    const shown = ids.flatMap(id => cardOf.get(id) ?? [])
    return shown.filter(({ title }) => language === undefined || languageOf(title) === language).slice(0, SHOWN_MAX)
  }
}
