// Item-to-item similarity from clicks that follow one another (Linden et al. 2003, over a sliding window). In memory and
// bounded; rebuilt at start, from a snapshot or from the behaviours.

import { LRUCache } from 'lru-cache'
import { DAY } from '../../base/clock.ts'
import { entriesMax } from '../../base/entries-max.ts'
import type { ArticleId } from '../../base/id.ts'

export interface Covisits {
  /** Records a click. Clicks come in order of time. */
  recordClick(viewerKey: string, id: ArticleId, at: number): void
  /** The articles covisited with `recentIds` (the newest first), best first, each with its similarity from 0 to 1. */
  relatedTo(recentIds: readonly ArticleId[], limit: number): Map<ArticleId, number>
  save(): SavedCovisits
  /** Into empty covisits. */
  restore(saved: SavedCovisits): void
}

/** As a snapshot has them, the oldest first; other lists name an article by its index in `ids`. Each list of lists is one, with the sizes of its parts. */
export interface SavedCovisits {
  ids: BigInt64Array
  readers: Int32Array
  neighbours: { sizes: Uint8Array; articles: Int32Array; counts: Int32Array }
  viewers: string[]
  trails: { sizes: Uint8Array; articles: Int32Array; at: Float64Array }
}

const TRAIL_LENGTH = 10 // the previous clicks of a viewer that a new one is paired with: about one sitting
const TRAIL_MS = DAY
const VIEWERS_MAX = 50_000 // trails; some 10 MB
const ARTICLES_MAX = 50_000 // articles with neighbours; some 100 MB if all were full
const NEIGHBOURS_MAX = 50
const AGE_FACTOR = 0.85 // each older click counts for that much less
// Two readers in common make a pair. Similarities from fewer readers than this are mostly chance and are shrunk.
const PRIOR_READERS = 3

/** Found by its id once a click: from there on it is an object, which is found in a map several times as fast as a bigint. */
interface Article {
  id: ArticleId
  readers: number
  /** How many readers each has in common with this one. */
  neighbours: Map<Article, number>
}

interface Click {
  article: Article
  at: number
}

export function createCovisits(): Covisits {
  const trails = new LRUCache<string, Click[]>(entriesMax(VIEWERS_MAX))
  const articles = new LRUCache<ArticleId, Article>({
    ...entriesMax(ARTICLES_MAX),
    dispose(article) {
      // Others may refer to it. If it is clicked again, it is a new object.
      article.neighbours.clear()
      article.readers = 0
    },
  })

  function find(id: ArticleId): Article {
    let article = articles.get(id)
    if (!article) articles.set(id, (article = { id, readers: 0, neighbours: new Map() }))
    return article
  }

  return {
    recordClick(viewerKey, id, at) {
      let trail = trails.get(viewerKey)
      if (!trail) trails.set(viewerKey, (trail = []))
      const article = find(id)
      if (trail.some(click => click.article === article)) return
      article.readers++
      for (const click of trail) {
        if (at - click.at > TRAIL_MS) continue
        countPair(article.neighbours, click.article)
        countPair(click.article.neighbours, article)
      }
      trail.push({ article, at })
      if (trail.length > TRAIL_LENGTH) trail.shift()
    },

    relatedTo(recentIds, limit) {
      const found = new Map<Article, number>()
      for (const [i, id] of recentIds.entries()) {
        const { readers, neighbours } = articles.get(id) ?? UNREAD
        const share = AGE_FACTOR ** i
        for (const [other, together] of neighbours) {
          if (other.readers === 0) continue
          // Cosine of the two sets of readers, shrunk while they are small.
          const similarity = together / Math.sqrt((readers + PRIOR_READERS) * (other.readers + PRIOR_READERS))
          found.set(other, (found.get(other) ?? 0) + similarity * share)
        }
      }
      const recent = new Set(recentIds)
      const best: { id: ArticleId; similarity: number }[] = []
      for (const [{ id }, similarity] of found) if (!recent.has(id)) best.push({ id, similarity })
      best.sort((a, b) => b.similarity - a.similarity || (a.id < b.id ? 1 : -1))
      return new Map(best.slice(0, limit).map(({ id, similarity }) => [id, Math.min(1, similarity)]))
    },

    save() {
      const kept = [...articles.rvalues()] as Article[]
      const indices = new Map(kept.map((article, index) => [article, index]))
      const clicks = ([...trails.rvalues()] as Click[][]).map(trail => trail.filter(({ article }) => indices.has(article)))
      return {
        ids: BigInt64Array.from(kept, ({ id }) => id),
        readers: Int32Array.from(kept, ({ readers }) => readers),
        neighbours: packNeighbours(kept, indices),
        viewers: [...trails.rkeys()],
        trails: {
          sizes: Uint8Array.from(clicks, list => list.length),
          articles: Int32Array.from(clicks.flat(), ({ article }) => indices.get(article) as number),
          at: Float64Array.from(clicks.flat(), ({ at }) => at),
        },
      }
    },

    restore({ ids, readers, neighbours, viewers, trails: saved }) {
      const all = Array.from(ids, (id, i): Article => ({ id: id as ArticleId, readers: readers[i] as number, neighbours: new Map() }))
      let next = 0
      for (const [i, article] of all.entries()) {
        articles.set(article.id, article)
        for (const end = next + (neighbours.sizes[i] as number); next < end; next++)
          article.neighbours.set(all[neighbours.articles[next] as number] as Article, neighbours.counts[next] as number)
      }
      next = 0
      for (const [i, viewer] of viewers.entries()) {
        const trail: Click[] = []
        for (const end = next + (saved.sizes[i] as number); next < end; next++)
          trail.push({ article: all[saved.articles[next] as number] as Article, at: saved.at[next] as number })
        trails.set(viewer, trail)
      }
    },
  }
}

const UNREAD: Omit<Article, 'id'> = { readers: 1, neighbours: new Map() }

/** Space-saving (Metwally et al. 2005): a new neighbour takes over the count of the weakest. Frequent neighbours stay. */
function countPair(neighbours: Article['neighbours'], article: Article): void {
  let count = neighbours.get(article) ?? 0
  if (count === 0 && neighbours.size >= NEIGHBOURS_MAX) {
    let weakest: [Article, number] | undefined
    for (const entry of neighbours) if (!weakest || entry[1] < weakest[1]) weakest = entry
    if (weakest) neighbours.delete(weakest[0])
    count = weakest?.[1] ?? 0
  }
  neighbours.set(article, count + 1)
}

/** One after another, because there may be millions. Those of articles that were given up are left out: no look-up finds them. */
function packNeighbours(kept: readonly Article[], indices: ReadonlyMap<Article, number>) {
  const most = kept.reduce((sum, { neighbours }) => sum + neighbours.size, 0)
  const [sizes, articles, counts] = [new Uint8Array(kept.length), new Int32Array(most), new Int32Array(most)]
  let end = 0
  for (const [i, { neighbours }] of kept.entries()) {
    const start = end
    for (const [other, count] of neighbours) {
      const index = indices.get(other)
      if (index === undefined) continue
      articles[end] = index
      counts[end++] = count
    }
    sizes[i] = end - start
  }
  return { sizes, articles: articles.slice(0, end), counts: counts.slice(0, end) }
}
