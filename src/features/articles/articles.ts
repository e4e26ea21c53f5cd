// One article, as its page shows it.

import type { ArticleId, ReaderId } from '../../base/id.ts'
import { notFound } from '../../base/problem.ts'
import type { Viewer } from '../../base/viewer.ts'
import type { Counters } from '../../engines/counters/counters.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Behaviours } from '../behaviours/behaviours.ts'
import { articleFor, besides } from './articles.sql.ts'

export type Articles = ReturnType<typeof createArticles>

export interface Needs {
  db: Db
  counters: Counters
  opened: Behaviours['opened']
  /** Makes a picture's path an address. */
  address: (path: string) => string
  photoPath: (id: ReaderId, photo: string | null) => string
  localTime: (at: Date) => string
}

const KINDS = ['article.comments', 'article.likes', 'article.reads', 'article.collections'] as const
const RECOMMENTS = 5
/** The contract's numbers for what a reader thinks of an article. */
const NO_ATTITUDE = -1

export function createArticles({ db, counters, opened, address, photoPath, localTime }: Needs) {
  return {
    /** Also counts as opening it: one more read for the article and its author, and an entry in the reader's history. */
    async open(viewer: Viewer, id: ArticleId, trace: string | undefined) {
      const readerId = viewer.kind === 'reader' ? viewer.id : undefined
      const [article, recomments, count] = await Promise.all([
        articleFor(db, id, readerId),
        besides(db, id, RECOMMENTS),
        counters.read(KINDS, [id]),
      ])
      if (!article) throw notFound('The article does not exist.')
      opened(viewer, id, trace)
      return {
        art_id: article.id,
        title: article.title,
        pubdate: localTime(article.published_at),
        content: absolutePictures(article.html, address),
        aut_id: article.author_id,
        aut_name: article.author_name,
        aut_photo: address(photoPath(article.author_id, article.author_photo)),
        ch_id: article.channel_id,
        is_followed: article.followed,
        attitude: article.attitude ?? NO_ATTITUDE,
        is_collected: article.collected,
        recomments,
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
