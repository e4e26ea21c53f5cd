// What learning is worth, in a simulated world: the regret of each ranking is how many clicks fewer its pages get than the best
// pages would. All rankings meet the same readers, articles and visits, and learn from what their own pages were clicked for.

import { median, quantile, type Report, round } from './report.ts'
import { createSimulatedFeed, PAGE_LENGTH, type Ranking } from './simulated-feeds.ts'
import { appealTo, makeWorld, readPage, STARTED_AT, type WorldArticle, worthOf } from './simulated-world.ts'

/** Nothing was tuned on these worlds (docs/learning.md says on which). */
const SEEDS = (process.env.LEARNING_SEEDS ?? '21,22,23,24').split(',').map(Number)
const VISITS = Number(process.env.LEARNING_VISITS ?? 12_000)
const RANKINGS: Ranking[] = ['latest', 'trending', 'five factors', 'model', 'model and nights']
const READ_MS = 20_000 // from a page to a click on it, and to the next page
const AVAILABLE_MS = 5 * 86_400_000 // older ones appeal to hardly anyone

export async function measure(): Promise<Report> {
  const rows = []
  const regrets = new Map<Ranking, number[]>()
  for (const ranking of RANKINGS) {
    const outcomes: Awaited<ReturnType<typeof live>>[] = []
    for (const seed of SEEDS) outcomes.push(await live(ranking, seed))
    const mean = (pick: (one: (typeof outcomes)[number]) => number) => outcomes.reduce((sum, one) => sum + pick(one), 0) / outcomes.length
    regrets.set(
      ranking,
      outcomes.map(one => one.late.regret),
    )
    const times = outcomes.flatMap(one => one.timings)
    rows.push({
      ranking,
      'clicks a page': round(mean(one => one.late.clicks)),
      'best possible': round(mean(one => one.late.best)),
      'regret, first day': round(mean(one => one.early.regret)),
      'regret, last days': round(mean(one => one.late.regret)),
      'of five factors': '',
      'rank p50 ms': times.length > 0 ? round(median(times)) : '',
      'rank p99 ms': times.length > 0 ? round(quantile(times, 0.99)) : '',
      candidates: Math.round(mean(one => one.candidates)) || '',
    })
  }
  const today = regrets.get('five factors') as number[]
  for (const row of rows)
    Object.assign(row, {
      'of five factors': (regrets.get(row.ranking) as number[]).map((regret, i) => round(regret / (today[i] as number))).join(' '),
    })
  return { load: `${SEEDS.length} worlds, ${VISITS} visits in seven days each; the last days are the fourth to the seventh`, rows }
}

async function live(ranking: Ranking, seed: number) {
  const { articles, visits } = makeWorld(seed, VISITS)
  const feed = createSimulatedFeed(ranking)
  const byId = new Map(articles.map(article => [article.id, article]))
  const [early, late] = [tally(), tally()]
  let published = 0
  for (const visit of visits) {
    let at = visit.at
    let before: { nextCursor: bigint } | undefined
    for (let depth = 0; depth < 6; depth++) {
      while (published < articles.length && (articles[published] as WorldArticle).publishedAt <= at)
        feed.publish(articles[published++] as WorldArticle)
      const best = bestPage(articles, published, feed.hasSeen, visit.reader, at)
      const page = await feed.servePage(visit.reader.key, at, before)
      const appeals = page.articleIds.map(id => appealTo(visit.reader, byId.get(id) as WorldArticle, at))
      const day = (at - STARTED_AT) / 86_400_000
      if (day < 1 || day >= 3) (day < 1 ? early : late).add(worthOf(appeals), worthOf(best))
      const { clicked, continues } = readPage(appeals, visit, depth)
      for (const place of clicked) feed.click(visit.reader.key, page, place, (at += READ_MS))
      if (!continues) break
      before = page
      at += READ_MS
    }
  }
  return { early: early.means(), late: late.means(), timings: feed.timings, candidates: feed.scoredMean() }
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
