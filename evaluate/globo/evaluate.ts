// Protocol G1: the last click of every fifth session that begins on 16 October 2017 is to be found among all articles with a
// click in the day before, from what was known a minute before and the session itself. Without that day G1-dev, on the 15th.

import type { Evaluation, Progress } from '../evaluation.ts'
import { createScoreboard, type Scoreboard } from '../measure/scoreboard.ts'
import { signalsOf } from './baselines.ts'
import { readArticles, readGlobo } from './data.ts'
import { createKnownClicks, type KnownClicks } from './known-clicks.ts'
import { createModel } from './model.ts'
import { createToday } from './today.ts'

const DAY_MS = 86_400_000
const SCORED_DAY = Date.UTC(2017, 9, 16)
const EVERY = 5 // sessions: enough for an interval of one percent

export async function evaluate(folder: string, progress: Progress): Promise<Evaluation> {
  const dayOf = (isComplete: boolean) => (isComplete ? SCORED_DAY : SCORED_DAY - DAY_MS)
  const { data, isComplete } = await readGlobo(folder, complete => dayOf(complete) + DAY_MS, SCORED_DAY)
  const { at, session, user, article, previous, next } = data
  const scoredFrom = dayOf(isComplete)
  const known = createKnownClicks(data)
  const today = createToday(data, await readArticles(folder, data.articleIds), scoredFrom)
  const model = createModel(data, known, scoredFrom, today.scores)
  const board = createScoreboard()

  const begunAt = (click: number): number => {
    let first = click
    while ((previous[first] as number) >= 0) first = previous[first] as number
    return at[first] as number
  }
  const isTestPoint = (click: number): boolean => {
    const after = next[click] as number
    return (session[click] as number) % EVERY === 0 && after >= 0 && next[after] === -1 && begunAt(click) >= scoredFrom
  }

  for (let click = 0; click < at.length; click++) {
    if (click % 10_000 === 0) progress(click, at.length)
    known.advance(click)
    model.advance(click)
    today.advance(click)
    const isScored = (at[click] as number) >= scoredFrom && isTestPoint(click)
    if (!isScored && !model.isExample(click)) continue
    const read: number[] = []
    for (let i = click; i >= 0; i = previous[i] as number) read.push(article[i] as number)
    const target = article[next[click] as number] as number
    const ranks = model.ranks(click, read, target)
    if (!isScored) continue
    for (const [row, rank] of Object.entries(ranks)) addRank(board, row, user[click] as number, rank)
    for (const [row, signal] of Object.entries(signalsOf(known, read)))
      addRank(board, row, user[click] as number, rankOf(known, data.articleIds, target, new Set(read), signal))
  }
  return { protocol: isComplete ? 'G1' : 'G1-dev', rows: board.rows(), cost: model.cost() }
}

/** The place of the target among all candidates that the session has not read; infinite if it is none of them. */
function rankOf(
  { candidates }: KnownClicks,
  articleIds: readonly number[],
  target: number,
  read: ReadonlySet<number>,
  signal: (article: number) => number,
): number {
  if (read.has(target) || !candidates.has(target)) return Number.POSITIVE_INFINITY
  const own = signal(target)
  let rank = 1
  for (const other of candidates.members()) {
    if (other === target || read.has(other)) continue
    const score = signal(other)
    if (score > own || (score === own && (articleIds[other] as number) > (articleIds[target] as number))) rank++
  }
  return rank
}

function addRank(board: Scoreboard, row: string, user: number, rank: number): void {
  const within = (k: number) => Number(rank <= k)
  board.add(row, user, { mrr: rank <= 10 ? 1 / rank : 0, hr5: within(5), hr10: within(10), hr20: within(20), recall20: within(20) })
}
