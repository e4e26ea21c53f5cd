// The learned ranker and its features on clicks without impressions. Candidates are the articles that are clicked together with the
// newest ones of the session, and the most clicked of the hour; the ranker orders them.

import { createSeededRandom } from '../../src/base/seeded-random.ts'
import { createModelRows } from '../measure/model-rows.ts'
import { FEEDBACK_DELAY_S } from '../measure/replay.ts'
import { topOf } from '../measure/top.ts'
import type { GloboData } from './data.ts'
import type { KnownClicks } from './known-clicks.ts'

const DAY_MS = 86_400_000
const [TOGETHER, TOGETHER_EARLIER, POPULAR] = [80, 30, 80] // candidates: nineteen of twenty targets that can be reached
const OTHERS = 40 // candidates beside the target that an example keeps, so that the examples fit into memory
const FIT_EVERY = 30 // sessions of the day before: some three thousand clicks
const STOP_SHARE = 0.25
const WARM_UP_DAYS = 4 // pairs and counts of two days before the first example

/** `today`: the five factors order the same candidates. */
export function createModel(
  { at, user, article, session, next }: GloboData,
  known: KnownClicks,
  scoredFrom: number,
  today: (articles: Int32Array, read: readonly number[], now: number) => Float64Array,
) {
  const random = createSeededRandom(1)
  const stopFrom = scoredFrom - STOP_SHARE * DAY_MS
  const rows = createModelRows({
    hasFactors: false,
    learnsOnline: false,
    partOf: ({ at: moment }) => (moment * 1000 >= scoredFrom ? 'score' : moment * 1000 >= stopFrom ? 'stop' : 'fit'),
  })
  let learned = 0

  function candidatesOf(read: readonly number[]): number[] {
    const found = new Set<number>()
    for (const [i, earlier] of read.slice(0, 3).entries())
      for (const other of rows.state.clickedWith(earlier, i === 0 ? TOGETHER : TOGETHER_EARLIER)) found.add(other)
    for (const other of mostClicked(known)) found.add(other)
    return [...found].filter(candidate => !read.includes(candidate) && known.candidates.has(candidate))
  }

  return {
    cost: rows.cost,
    isExample(click: number): boolean {
      const moment = at[click] as number
      return (
        moment < scoredFrom && moment >= scoredFrom - DAY_MS && (session[click] as number) % FIT_EVERY === 0 && (next[click] as number) >= 0
      )
    },
    /** Learns what is known when the click at this index happens. */
    advance(click: number): void {
      for (; learned < click && (at[learned] as number) <= (at[click] as number) - FEEDBACK_DELAY_S * 1000; learned++) {
        const moment = at[learned] as number
        if (moment < scoredFrom - WARM_UP_DAYS * DAY_MS) continue
        rows.state.publish(article[learned] as number, moment / 1000)
        rows.state.click(user[learned] as number, article[learned] as number, moment / 1000)
      }
    },
    /** The place of the target in each row; infinite if it is no candidate. `read`: the session, the newest first. */
    ranks(click: number, read: readonly number[], target: number): Record<string, number> {
      const moment = (at[click] as number) / 1000
      let candidates = candidatesOf(read)
      const isReached = candidates.includes(target)
      if (moment * 1000 < scoredFrom) {
        if (!isReached) return {}
        const others = candidates.filter(other => other !== target)
        candidates = [target, ...random.shuffle(others).slice(0, OTHERS)]
      }
      const articles = Int32Array.from(candidates)
      const clicked = Uint8Array.from(candidates, candidate => Number(candidate === target))
      const query = { id: String(click), user: user[click] as number, at: moment, articles, clicked, tieKeys: new Uint32Array(0) }
      const scores = rows.scores({ ...query, session: read.toReversed() })
      if (moment * 1000 >= scoredFrom) scores.today = today(articles, read, moment * 1000)
      const place = candidates.indexOf(target)
      const rankIn = (values: Float64Array) =>
        place < 0 ? Number.POSITIVE_INFINITY : values.reduce((rank, value) => rank + Number(value > (values[place] as number)), 1)
      return Object.fromEntries(Object.entries(scores).map(([name, values]) => [name, rankIn(values)]))
    },
  }
}

/** The articles with the most clicks in the last hour. */
function mostClicked({ candidates, hour, day }: KnownClicks): number[] {
  const clicksOf = (article: number) => (hour[article] as number) + (day[article] as number) * 1e-6
  return topOf(candidates.members(), POPULAR, clicksOf)
}
