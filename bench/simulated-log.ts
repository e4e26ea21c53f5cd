// The log of a policy in the simulated world, as the evaluation of policies reads it, and what the policy is truly worth there.

import type { ArticleId } from '../src/base/id.ts'
import { type LoggedPage, type PageRow, toLoggedPage } from '../src/recommend/off-policy/logged-page.ts'
import type { Policy } from '../src/recommend/policy/policy.ts'
import { createSimulatedFeed } from './simulated-feeds.ts'
import { appealTo, makeWorld, readPage, type WorldArticle, worthOf } from './simulated-world.ts'

const READ_MS = 20_000
const WARM_UP_VISITS = 0.2 // of them, before which nothing is known of the articles: they are no part of the log

/** `value`: clicks expected on a page; `otherValues`: if the page had been one of another policy's, to the same reader at that moment. */
export async function liveByPolicy(policy: Policy, seed: number, visitsCount: number, others: readonly Policy[] = []) {
  const { articles, visits } = makeWorld(seed, visitsCount)
  const byId = new Map<ArticleId, WorldArticle>(articles.map(article => [article.id, article]))
  let row: PageRow | undefined
  let otherPages: ArticleId[][] = []
  const onPage = (page: PageRow, theirs: ArticleId[][]) => {
    row = page
    otherPages = theirs
  }
  const feed = createSimulatedFeed('five factors', policy, { onPage, others })
  const pages: LoggedPage[] = []
  let [published, count, worth] = [0, 0, 0]
  const otherWorths = others.map(() => 0)
  for (const [i, visit] of visits.entries()) {
    let at = visit.at
    let before: { nextCursor: bigint } | undefined
    for (let depth = 0; depth < 6; depth++) {
      while (published < articles.length && (articles[published] as WorldArticle).publishedAt <= at)
        feed.publish(articles[published++] as WorldArticle)
      const page = await feed.servePage(visit.reader.key, at, before)
      const moment = at
      const appealsOf = (ids: readonly ArticleId[]) => ids.map(id => appealTo(visit.reader, byId.get(id) as WorldArticle, moment))
      const appeals = appealsOf(page.articleIds)
      const { clicked, continues } = readPage(appeals, visit, depth)
      if (i >= WARM_UP_VISITS * visits.length) {
        const logged = toLoggedPage(row as PageRow, new Set(clicked.map(place => page.articleIds[place] as ArticleId)))
        if (logged) pages.push(logged)
        worth += worthOf(appeals)
        for (const [o, ids] of otherPages.entries()) otherWorths[o] = (otherWorths[o] as number) + worthOf(appealsOf(ids))
        count++
      }
      for (const place of clicked) feed.click(visit.reader.key, page, place, (at += READ_MS))
      if (!continues) break
      before = page
      at += READ_MS
    }
  }
  const otherValues = otherWorths.map(each => each / count)
  return { pages, value: worth / count, otherValues, factsOf: (id: ArticleId) => byId.get(id) }
}
