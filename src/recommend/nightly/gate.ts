// Whether a new model may rank the feed: only if it ranks later clicks better than every simple rule, than the ranker that learns
// from each click, and than the model that is live.

/** The rankings that are compared. `online` learns from each click; `live` was trained on an earlier night. */
export const RIVALS = ['popularity', 'recency', 'online', 'live'] as const
export type Ranking = (typeof RIVALS)[number] | 'trained'

/** Mean nDCG@10; undefined if there is no such ranking. */
export type Quality = Partial<Record<Ranking, number>>

export interface Verdict {
  isAccepted: boolean
  /** Whether the live model may go on if the new one is refused. */
  liveStays: boolean
  reason: string
}

export function judge(quality: Quality): Verdict {
  const unbeaten = (ranking: Ranking, rivals: readonly Ranking[]) =>
    rivals.filter(rival => quality[rival] !== undefined && !((quality[ranking] ?? 0) > (quality[rival] as number)))
  const better = unbeaten('trained', RIVALS)
  const overLive = quality.live === undefined ? [] : unbeaten('live', ['popularity', 'recency', 'online'])
  const reason = better.length === 0 ? '' : `not better than ${better.join(', ')}`
  if (overLive.length === 0 || better.length === 0) return { isAccepted: better.length === 0, liveStays: true, reason }
  return { isAccepted: false, liveStays: false, reason: `${reason}; the live model is not better than ${overLive.join(', ')}` }
}
