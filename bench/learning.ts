// What learning is worth, in a simulated world: the regret of each ranking is how many clicks fewer its pages get than the best
// pages would. All rankings meet the same readers, articles and visits, and learn from what their own pages were clicked for.

import { median, quantile, type Report, round } from './report.ts'
import { createSimulatedFeed, type Ranking } from './simulated-feeds.ts'
import { liveWith } from './simulated-visits.ts'

/** Nothing was tuned on these worlds (docs/learning.md says on which). */
const SEEDS = (process.env.LEARNING_SEEDS ?? '21,22,23,24').split(',').map(Number)
const VISITS = Number(process.env.LEARNING_VISITS ?? 12_000)
const RANKINGS: Ranking[] = ['latest', 'trending', 'five factors', 'model', 'model and nights']

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
  const feed = createSimulatedFeed(ranking)
  return { ...(await liveWith(feed, seed, VISITS)), timings: feed.timings, candidates: feed.scoredMean() }
}
