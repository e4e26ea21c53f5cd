// One article, as its page shows it.

import type { ArticleId, ReaderId } from '../../base/id.ts'
import { notFound } from '../../base/problem.ts'
import type { Viewer } from '../../base/viewer.ts'
import type { Caches } from '../../engines/cache/caches.ts'
import { oldestId } from '../../engines/cache/oldest.sql.ts'
import type { Counters } from '../../engines/counters/counters.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Behaviours } from '../behaviours/behaviours.ts'
import type { ProfilesOf } from '../profiles/profiles.ts'
import { type ArticleRow, findArticles, findViewerState, relatedIdsOf, titlesOf, type ViewerState } from './articles.sql.ts'

export type Articles = ReturnType<typeof createArticles>

export interface Needs {
  db: Db
  remember: Caches['remember']
  profilesOf: ProfilesOf
  counters: Counters
  recordClick: Behaviours['recordClick']
  /** Makes a picture's path an address. */
  absoluteUrl: (path: string) => string
  photoPath: (id: ReaderId, photo: string | null) => string
  localTime: (at: Date) => string
}

const KINDS = ['article.comments', 'article.likes', 'article.reads', 'article.collections'] as const
const RECOMMENTS = 5
/** More are kept than shown, in place of those withdrawn meanwhile. */
const BESIDES = 2 * RECOMMENTS
/** How long a new article may be missing beside others; one withdrawn is gone at once. */
const BESIDES_MS = 10_000
/** The contract's numbers for what a reader thinks of an article. */
const NO_ATTITUDE = -1
const NO_MARKS: ViewerState = { followed: false, attitude: null, collected: false }

export function createArticles({ db, remember, profilesOf, counters, recordClick, absoluteUrl, photoPath, localTime }: Needs) {
  const keyOf = ({ topic, key }: { topic: string; key: bigint }) => (topic === 'article' ? (key as ArticleId) : undefined)
  const articles = remember<ArticleId, ArticleRow>({
    name: 'article',
    shape: 1,
    keyOf,
    oldest: () => oldestId(db, 'article'),
    load: async ids => new Map((await findArticles(db, ids)).map(row => [row.id, row])),
  })
  const titles = remember<ArticleId, string>({ name: 'title', shape: 1, keyOf, load: ids => titlesOf(db, ids) })
  const beside = remember<ArticleId, ArticleId[]>({
    name: 'beside',
    shape: 1,
    freshMs: BESIDES_MS,
    load: ids => relatedIdsOf(db, ids, BESIDES),
  })

  async function relatedArticles(id: ArticleId) {
    const ids = (await beside.get(id)) ?? []
    const known = await titles.of(ids)
    return ids.flatMap(one => (known.has(one) ? [{ art_id: one, title: known.get(one) as string }] : [])).slice(0, RECOMMENTS)
  }

  return {
    /** Also counts as opening it: one more read for the article and its author, and an entry in the reader's history. */
    async open(viewer: Viewer, id: ArticleId, trace: string | undefined) {
      const article = await articles.get(id)
      if (!article) throw notFound('The article does not exist.')
      const { author_id: authorId } = article
      const [authors, marks, near, count] = await Promise.all([
        profilesOf([authorId]),
        viewer.kind === 'reader' ? findViewerState(db, id, authorId, viewer.id) : NO_MARKS,
        relatedArticles(id),
        counters.read(KINDS, [id], viewer),
      ])
      const author = authors.get(authorId)
      // An article's author is a row it refers to: only just now both may have gone.
      if (!author) throw notFound('The article does not exist.')
      recordClick(viewer, id, trace)
      return {
        art_id: article.id,
        title: article.title,
        pubdate: localTime(article.published_at),
        content: absolutePictures(article.html, absoluteUrl),
        aut_id: authorId,
        aut_name: author.name,
        aut_photo: absoluteUrl(photoPath(authorId, author.photo)),
        ch_id: article.channel_id,
        is_followed: marks.followed,
        attitude: marks.attitude ?? NO_ATTITUDE,
        is_collected: marks.collected,
        recomments: near,
        comm_count: count(id, 'article.comments'),
        like_count: count(id, 'article.likes'),
        // The one being opened included: it is on its way.
        read_count: count(id, 'article.reads') + 1,
        collect_count: count(id, 'article.collections'),
      }
    },
  }
}

/** Clients put the text into their own pages, so pictures need whole addresses. Ours are written without a beginning. */
function absolutePictures(html: string, address: (path: string) => string): string {
  return html.replace(
    /(<img\b[^>]*?\bsrc=")(?!https?:|data:|\/\/)\/?([^"]+)/gi,
    (_, before: string, path: string) => before + address(path),
  )
}
