// An article's page: its text, its author, the viewer's own reactions, counts and related articles.

import type { ArticleId, ReaderId } from '../../base/id.ts'
import { withAbsoluteImages } from '../../base/picture-addresses.ts'
import { notFound } from '../../base/problem.ts'
import type { Viewer } from '../../base/viewer.ts'
import type { Caches } from '../../engines/cache/caches.ts'
import { findOldestId } from '../../engines/cache/oldest-id.sql.ts'
import type { Counters } from '../../engines/counters/counters.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Behaviours, Opening } from '../behaviours/behaviours.ts'
import type { ProfilesOf } from '../profiles/profiles.ts'
import { type ArticleRow, findArticles, findViewerState, relatedIdsOf, titlesOf, type ViewerState } from './articles.sql.ts'

export type Articles = ReturnType<typeof createArticles>

export interface Needs {
  db: Db
  createCache: Caches['createCache']
  profilesOf: ProfilesOf
  counters: Counters
  recordClick: Behaviours['recordClick']
  /** Turns the path of a picture into a URL; URLs stay as they are. */
  absoluteUrl: (path: string) => string
  photoPath: (id: ReaderId, photo: string | null) => string
  localTime: (at: Date) => string
}

const KINDS = ['article.comments', 'article.likes', 'article.reads', 'article.collections'] as const
const RELATED_SHOWN = 5
// Twice as many are cached as are shown, so that articles that were withdrawn, or that a reader has put away, leave no gap.
const RELATED_CACHED = 2 * RELATED_SHOWN
// A new article may be missing from these lists for so long, with Redis up to twice as long. A withdrawn one disappears at once.
const RELATED_TTL_MS = 10_000
/** The contract's number for a viewer who has neither liked nor disliked the article. */
const NO_ATTITUDE = -1

export function createArticles({ db, createCache, profilesOf, counters, recordClick, absoluteUrl, photoPath, localTime }: Needs) {
  const invalidationKey = ({ topic, key }: { topic: string; key: bigint }) => (topic === 'article' ? (key as ArticleId) : undefined)
  const articles = createCache<ArticleId, ArticleRow>({
    name: 'article',
    schemaVersion: 1,
    invalidationKey,
    oldestId: () => findOldestId(db, 'article'),
    load: async ids => new Map((await findArticles(db, ids)).map(row => [row.id, row])),
  })
  const titles = createCache<ArticleId, string>({ name: 'title', schemaVersion: 1, invalidationKey, load: ids => titlesOf(db, ids) })
  const relatedIds = createCache<ArticleId, ArticleId[]>({
    name: 'beside',
    schemaVersion: 1,
    freshMs: RELATED_TTL_MS,
    load: ids => relatedIdsOf(db, ids, { limit: RELATED_CACHED }),
  })

  /** What the viewer has done with the article, and the related articles that they may be offered, in their order. */
  async function loadViewerState(viewer: Viewer, id: ArticleId, authorId: ReaderId): Promise<ViewerState> {
    const cachedIds = (await relatedIds.get(id)) ?? []
    if (viewer.kind !== 'reader') return { followed: false, attitude: null, collected: false, relatedIds: cachedIds }
    const reader = viewer.id
    const state = await findViewerState(db, { id, authorId, relatedIds: cachedIds, reader })
    const offered = new Set(state.relatedIds)
    const isGap = offered.size < RELATED_SHOWN && cachedIds.length === RELATED_CACHED
    // The reader has put away most of what everybody gets: looks further, for this reader.
    const ids = isGap
      ? (await relatedIdsOf(db, [id], { limit: RELATED_SHOWN, reader })).get(id)
      : cachedIds.filter(each => offered.has(each))
    return { ...state, relatedIds: ids ?? [] }
  }

  async function relatedArticles(ids: ArticleId[]) {
    const titleOf = await titles.getMany(ids)
    return ids
      .flatMap(relatedId => {
        const title = titleOf.get(relatedId)
        return title === undefined ? [] : [{ art_id: relatedId, title }]
      })
      .slice(0, RELATED_SHOWN)
  }

  return {
    /** Returns the article and records the click: a read for the article and its author, and an entry in the reader's history. */
    async open(opening: Opening) {
      const { viewer, articleId: id } = opening
      const article = await articles.get(id)
      if (!article) throw notFound('The article does not exist.')
      const { author_id: authorId } = article
      const loadingState = loadViewerState(viewer, id, authorId)
      const [authors, viewerState, recomments, count] = await Promise.all([
        profilesOf([authorId]),
        loadingState,
        loadingState.then(state => relatedArticles(state.relatedIds)),
        counters.read(KINDS, [id], viewer),
      ])
      const author = authors.get(authorId)
      // An article refers to its author's row, so the author is missing only if both were deleted just now.
      if (!author) throw notFound('The article does not exist.')
      const counts = await recordClick(opening)
      return {
        art_id: article.id,
        title: article.title,
        pubdate: localTime(article.published_at),
        content: withAbsoluteImages(article.html, absoluteUrl),
        aut_id: authorId,
        aut_name: author.name,
        aut_photo: absoluteUrl(photoPath(authorId, author.photo)),
        ch_id: article.channel_id,
        is_followed: viewerState.followed,
        attitude: viewerState.attitude ?? NO_ATTITUDE,
        is_collected: viewerState.collected,
        recomments,
        comm_count: count(id, 'article.comments'),
        like_count: count(id, 'article.likes'),
        // Includes this click, which is not written yet, if it counts.
        read_count: count(id, 'article.reads') + (counts ? 1 : 0),
        collect_count: count(id, 'article.collections'),
      }
    },
  }
}
