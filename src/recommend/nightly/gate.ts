// Whether a new model may rank the feed: only if it ranks later clicks better than every simple rule, than the ranker that learns
// from each click, and than the model that is live. All are compared by how high they rank the clicked one of all articles. That
// measure favours what ranked the pages: what it did not show could not be clicked. So a model is also better than another if it
// makes the choices among the pages more likely, their places known.

/** The rankings that are compared. `online` learns from each click; `live` was trained on an earlier night. */
export const RIVALS = ['popularity', 'recency', 'online', 'live'] as const
export const RANKINGS = ['trained', ...RIVALS] as const
export type Ranking = (typeof RANKINGS)[number]

/** Mean nDCG@10; undefined if there is no such ranking. */
export type Quality = Partial<Record<Ranking, number>>

export interface Verdict {
  isAccepted: boolean
  /** Whether the live model may go on if the new one is refused. */
  liveStays: boolean
  reason: string
}

/** Of each choice that was held out: minus the log of the probability that a ranking gave it. */
export type Losses = Partial<Record<'online' | 'trained' | 'live', readonly number[]>>

/** Losses are near 2: less is rounding. */
const BETTER_BY = 1e-3

export function judge(quality: Quality, losses: Losses): Verdict {
  const beats = (ranking: 'trained' | 'live', rival: (typeof RIVALS)[number]) => {
    if ((quality[ranking] ?? 0) > (quality[rival] ?? 0)) return true
    const isRule = rival === 'popularity' || rival === 'recency'
    return !isRule && isBetter(losses[ranking] ?? [], losses[rival] ?? [])
  }
  const unbeaten = (ranking: 'trained' | 'live', rivals: readonly (typeof RIVALS)[number][]) =>
    rivals.filter(rival => quality[rival] !== undefined && !beats(ranking, rival))
  const better = unbeaten('trained', RIVALS)
  const overLive = quality.live === undefined ? [] : unbeaten('live', ['popularity', 'recency', 'online'])
  const reason = better.length === 0 ? '' : `not better than ${better.join(', ')}`
  if (overLive.length === 0 || better.length === 0) return { isAccepted: better.length === 0, liveStays: true, reason }
  return { isAccepted: false, liveStays: false, reason: `${reason}; the live model is not better than ${overLive.join(', ')}` }
}

/** Of the same choices: whether the difference is more than its standard error, and so hardly chance. */
function isBetter(losses: readonly number[], than: readonly number[]): boolean {
  const gains = than.map((loss, i) => loss - (losses[i] as number))
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length
  const variance = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / gains.length
  return mean > Math.max(BETTER_BY, Math.sqrt(variance / gains.length))
}
