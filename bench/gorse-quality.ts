// How well Gorse recommends beside ours: on a public log (C1 of docs/evaluation.md), and in a simulated world in which both serve the same
// readers. GORSE names its program `gorse-in-one`, GORSE_C1 the folder of the log. `GORSE_SEEDS`: worlds; `GORSE_VISITS`, of each.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scoreC1 } from './gorse-c1.ts'
import { configureGorse, type Gorse, SKIPPED, startGorse } from './gorse-server.ts'
import { createGorseFeed, SIMULATED } from './gorse-simulated.ts'
import { type Report, round } from './report.ts'
import { createSimulatedFeed, type Ranking } from './simulated-feeds.ts'
import { liveWith } from './simulated-visits.ts'

const SEEDS = (process.env.GORSE_SEEDS ?? '21').split(',').map(Number)
const VISITS = Number(process.env.GORSE_VISITS ?? 1_500)
const OURS: Ranking[] = ['latest', 'trending', 'five factors', 'model']

export async function measure(): Promise<Report> {
  const program = process.env.GORSE
  if (!program) return SKIPPED
  const rows: Report['rows'] = []
  const log = process.env.GORSE_C1
  if (log) for (const row of await scoreC1(log, use => withGorse(program, use.recommend, use.work))) rows.push({ ...row, ...NO_WORLD })
  else rows.push({ ...NO_C1, ranking: 'C1 skipped: GORSE_C1 names no folder', ...NO_WORLD })
  for (const ranking of [...OURS, 'Gorse'] as const) {
    const outcomes: Awaited<ReturnType<typeof liveWith>>[] = []
    for (const seed of SEEDS)
      outcomes.push(
        ranking === 'Gorse'
          ? await withGorse(program, SIMULATED, ({ url }) => liveWith(createGorseFeed(url), seed, VISITS))
          : await liveWith(createSimulatedFeed(ranking), seed, VISITS),
      )
    const mean = (pick: (one: (typeof outcomes)[number]) => number) =>
      round(outcomes.reduce((sum, one) => sum + pick(one), 0) / SEEDS.length)
    rows.push({
      ...NO_C1,
      ranking: `world: ${ranking}`,
      'clicks a page': mean(({ late }) => late.clicks),
      'best possible': mean(({ late }) => late.best),
      'regret, first day': mean(({ early }) => early.regret),
      'regret, last days': mean(({ late }) => late.regret),
      'of each world': outcomes.map(({ late }) => round(late.regret)).join(' '),
    })
  }
  return {
    load: `C1, 943 users; ${SEEDS.length} worlds, ${VISITS} visits in seven days each, the last days are the fourth to the seventh`,
    rows,
  }
}

const NO_C1 = { ranking: '', 'HR@10': '', 'nDCG@10': '', 'Recall@20': '' }
const NO_WORLD = { 'clicks a page': '', 'best possible': '', 'regret, first day': '', 'regret, last days': '', 'of each world': '' }

/** A Gorse of its own, with nothing in it. */
async function withGorse<T>(program: string, recommend: string, work: (gorse: Gorse) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'gorse-quality-'))
  try {
    const gorse = await startGorse(program, await configureGorse(folder, recommend))
    try {
      return await work(gorse)
    } finally {
      await gorse.stop()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
