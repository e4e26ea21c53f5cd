// Item-to-item similarity: how often the same reader clicked both articles within a day, over the root of their clicks.

import type { HistoryClick } from './data.ts'

export interface CoClicks {
  similarity(article: number, profile: readonly number[]): number
}

const DAY = 86_400
const HISTORY_PAIRS = 30 // earlier clicks that a click of a history is paired with
const ONLINE_PAIRS = 20

type Pairs = Map<number, Map<number, number>>

function countPair(pairs: Pairs, a: number, b: number): void {
  let others = pairs.get(a)
  if (!others) pairs.set(a, (others = new Map()))
  others.set(b, (others.get(b) ?? 0) + 1)
}

function similarityTo(pairs: Pairs, clicks: Map<number, number>, article: number, profile: readonly number[]): number {
  const own = clicks.get(article)
  const others = pairs.get(article)
  if (!own || !others) return 0
  let sum = 0
  for (const other of profile) {
    const together = others.get(other)
    if (together) sum += together / Math.sqrt(own * (clicks.get(other) ?? 0))
  }
  return sum
}

/** From histories; a click that stands in two of them counts once. */
export function fixedCoClicksOf(histories: HistoryClick[][]): CoClicks {
  const pairs: Pairs = new Map()
  const clicks = new Map<number, number>()
  const seen = new Set<string>()
  for (const history of histories) {
    const keyOf = ({ user, article, at }: HistoryClick) => `${user}:${at}:${article}`
    for (const own of Map.groupBy(history, click => click.user).values()) {
      const fresh = own.filter(click => !seen.has(keyOf(click)))
      for (const click of own) seen.add(keyOf(click))
      for (const [i, click] of fresh.entries()) {
        clicks.set(click.article, (clicks.get(click.article) ?? 0) + 1)
        for (let j = i - 1; j >= 0 && i - j <= HISTORY_PAIRS; j--) {
          const earlier = fresh[j] as HistoryClick
          if (click.at - earlier.at > DAY) break
          if (earlier.article === click.article) continue
          countPair(pairs, click.article, earlier.article)
          countPair(pairs, earlier.article, click.article)
        }
      }
    }
  }
  return { similarity: (article, profile) => similarityTo(pairs, clicks, article, profile) }
}

/** From the clicks of impressions as they come. */
export function createOnlineCoClicks(users: number) {
  const pairs: Pairs = new Map()
  const clicks = new Map<number, number>()
  const trails: { article: number; at: number }[][] = Array.from({ length: users }, () => [])
  return {
    add(user: number, article: number, at: number): void {
      clicks.set(article, (clicks.get(article) ?? 0) + 1)
      const trail = trails[user] as { article: number; at: number }[]
      for (const earlier of trail) {
        if (earlier.article === article || at - earlier.at > DAY) continue
        countPair(pairs, article, earlier.article)
        countPair(pairs, earlier.article, article)
      }
      trail.push({ article, at })
      if (trail.length > ONLINE_PAIRS) trail.shift()
    },
    similarity: (article: number, user: number): number =>
      similarityTo(
        pairs,
        clicks,
        article,
        (trails[user] ?? []).map(click => click.article),
      ),
  }
}
