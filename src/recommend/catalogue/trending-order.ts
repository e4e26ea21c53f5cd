// The articles of each channel by trending score. All weights halve alike, so time changes no order: actions and articles do. What they
// changed is merged into the order; the others stay as they stand.

import { type Clock, DAY } from '../../base/clock.ts'
import { type ArticleId, type ChannelId, RECOMMENDED_CHANNEL } from '../../base/id.ts'
import type { ArticleFacts } from './catalogue.ts'

interface Needs {
  clock: Clock
  weights: { ids(): Iterable<ArticleId>; at(id: ArticleId, moment: number): number }
  find: (id: ArticleId) => ArticleFacts | undefined
  /** Whether it is still what `find` finds. */
  isCurrent: (facts: ArticleFacts) => boolean
}

interface Scored {
  facts: ArticleFacts
  /** As of one moment for all. */
  score: number
  /** It is in the order elsewhere by now, or not at all. */
  isOld: boolean
}

// How old the order may be: clicks come every millisecond, and merging takes longer than that.
const ORDER_MS = 2_000
/** Scores as of a moment long ago would leave the range of a double. */
const MOMENT_KEPT_MS = DAY

export function createTrendingOrder({ clock, weights, find, isCurrent }: Needs) {
  let order: Scored[] = []
  const entries = new Map<ArticleId, Scored>()
  let lists = new Map<ChannelId, ArticleFacts[]>()
  let updatedAt = Number.NEGATIVE_INFINITY
  /** The moment of the scores. */
  let moment = Number.NEGATIVE_INFINITY
  /** Undefined: any may have changed. */
  let changed: Set<ArticleId> | undefined

  /** In their order. */
  function scoresOf(ids: Iterable<ArticleId>): Scored[] {
    const scored: Scored[] = []
    for (const id of ids) {
      const [facts, score] = [find(id), weights.at(id, moment)]
      if (!facts || score <= 0) continue
      const entry = { facts, score, isOld: false }
      entries.set(id, entry)
      scored.push(entry)
    }
    return scored.toSorted(compare)
  }

  function forget(id: ArticleId): void {
    const entry = entries.get(id)
    if (entry) entry.isOld = true
    entries.delete(id)
  }

  function update(now: number): void {
    if (!changed || Math.abs(now - moment) > MOMENT_KEPT_MS) {
      moment = now
      entries.clear()
      order = scoresOf(weights.ids())
    } else {
      changed.forEach(forget)
      order = merge(order, scoresOf(changed))
    }
    const all = order.map(({ facts }) => facts)
    lists = Map.groupBy(all, facts => facts.channelId).set(RECOMMENDED_CHANNEL, all)
    updatedAt = now
    changed = new Set()
  }

  return {
    /** Highest first; only articles with which something was done. */
    of(channelId: ChannelId): Iterable<ArticleFacts> {
      const now = clock()
      const isUnchanged = changed?.size === 0
      if (!isUnchanged && (now - updatedAt >= ORDER_MS || now < updatedAt)) update(now)
      // An article may have been removed or replaced since.
      return (lists.get(channelId) ?? []).values().filter(isCurrent)
    },

    /** An article, or all of them. */
    noteChange(id?: ArticleId): void {
      if (id === undefined) changed = undefined
      else changed?.add(id)
    },
  }
}

const compare = (a: Scored, b: Scored): number => b.score - a.score || (a.facts.id < b.facts.id ? 1 : -1)

/** Leaves out what is old. */
function merge(some: readonly Scored[], others: readonly Scored[]): Scored[] {
  const merged: Scored[] = []
  let next = 0
  for (const one of some) {
    if (one.isOld) continue
    while (next < others.length && compare(others[next] as Scored, one) < 0) merged.push(others[next++] as Scored)
    merged.push(one)
  }
  return merged.concat(others.slice(next))
}
