// Readers visit one feed for a simulated week: they read its pages, click what appeals to them, and go on or leave.

import type { ArticleId, PageId } from '../src/base/id.ts'
import { PAGE_LENGTH } from './simulated-feeds.ts'
import { appealTo, makeWorld, readPage, STARTED_AT, type WorldArticle, worthOf } from './simulated-world.ts'

const READ_MS = 20_000 // from a page to a click on it, and to the next page
const AVAILABLE_MS = 5 * 86_400_000 // older ones appeal to hardly anyone

export interface ServedPage {
  id: PageId
  articleIds: ArticleId[]
  nextCursor: bigint
}

export interface VisitedFeed {
  publish(article: WorldArticle): void | Promise<void>
  servePage(reader: string, at: number, continues?: ServedPage): Promise<ServedPage>
  click(reader: string, page: ServedPage, place: number, at: number): void | Promise<void>
  hasSeen(reader: string, id: ArticleId): boolean
}

/** Clicks expected on a page, of the best page too, and what is missed: on the first day, and from the fourth to the seventh. */
export async function liveWith(feed: VisitedFeed, seed: number, visitsCount: number) {
  const { articles, visits } = makeWorld(seed, visitsCount)
  const byId = new Map(articles.map(article => [article.id, article]))
  const [early, late] = [tally(), tally()]
  let published = 0
  for (const visit of visits) {
    let at = visit.at
    let before: ServedPage | undefined
    for (let depth = 0; depth < 6; depth++) {
      while (published < articles.length && (articles[published] as WorldArticle).publishedAt <= at)
        await feed.publish(articles[published++] as WorldArticle)
      const best = bestPage(articles, published, feed.hasSeen, visit.reader, at)
      const page = await feed.servePage(visit.reader.key, at, before)
      const appeals = page.articleIds.map(id => appealTo(visit.reader, byId.get(id) as WorldArticle, at))
      const day = (at - STARTED_AT) / 86_400_000
      if (day < 1 || day >= 3) (day < 1 ? early : late).add(worthOf(appeals), worthOf(best))
      const { clicked, continues } = readPage(appeals, visit, depth)
      for (const place of clicked) await feed.click(visit.reader.key, page, place, (at += READ_MS))
      if (!continues) break
      before = page
      at += READ_MS
    }
  }
  return { early: early.means(), late: late.means() }
}

function bestPage(
  articles: WorldArticle[],
  published: number,
  hasSeen: (key: string, id: WorldArticle['id']) => boolean,
  reader: Parameters<typeof appealTo>[0],
  at: number,
): number[] {
  const appeals: number[] = []
  for (let i = published - 1; i >= 0; i--) {
    const article = articles[i] as WorldArticle
    if (at - article.publishedAt > AVAILABLE_MS) break
    if (!hasSeen(reader.key, article.id)) appeals.push(appealTo(reader, article, at))
  }
  return appeals.toSorted((a, b) => b - a).slice(0, PAGE_LENGTH)
}

function tally() {
  let [pages, worth, best] = [0, 0, 0]
  return {
    add(served: number, possible: number): void {
      pages++
      worth += served
      best += possible
    },
    means: () => ({ clicks: worth / pages, best: best / pages, regret: (best - worth) / pages }),
  }
}
