import type { KnownClicks } from './known-clicks.ts'

/** A function that says how high an article is ranked as the next of a session. */
type Signal = (article: number) => number

const NO_CLICKS = 1.5e12 // before the first click of the log: an article without clicks is the oldest

/** `session`: its articles, the newest first. */
export function signalsOf({ hour, sixHours, day, pairedClicks, firstAt, pairsOf }: KnownClicks, session: readonly number[]) {
  const popularity: Signal = article => (hour[article] as number) + (day[article] as number) * 1e-6
  const afterLast = pairsOf(session[0] as number)
  const cosines = new Map<number, number>()
  for (const read of session.slice(0, 10).toReversed()) {
    const clicks = pairedClicks[read] as number
    if (clicks === 0) continue
    for (const [other, together] of pairsOf(read)) {
      const others = pairedClicks[other] as number
      if (others > 0) cosines.set(other, (cosines.get(other) ?? 0) + together / Math.sqrt(clicks * others))
    }
  }
  const signals: Record<string, Signal> = {
    newest: article => ((firstAt[article] as number) < Number.POSITIVE_INFINITY ? (firstAt[article] as number) - NO_CLICKS : 0),
    clicks_24h: article => day[article] as number,
    clicks_6h: article => (sixHours[article] as number) + (day[article] as number) * 1e-6,
    item_knn_session: article => popularity(article) * 1e-9 + (cosines.get(article) ?? 0),
    clicks_1h: popularity,
    co_clicks_last: article => popularity(article) * 1e-9 + (afterLast.get(article) ?? 0),
  }
  return signals
}
