// Replays impressions in order of time. What happened in one becomes known a while after it, as behaviours reach a recommender.

export interface Impression {
  id: string
  user: number
  /** Seconds since 1970. */
  at: number
  /** Indices of articles, in the order of the log, which says nothing. */
  articles: Int32Array
  /** 1 for those that were clicked. */
  clicked: Uint8Array
  /** Orders equal scores. */
  tieKeys: Uint32Array
}

/** A click counts from here on, in the protocols of all sets. */
export const FEEDBACK_DELAY_S = 60

/** Calls `learn` for each impression that is known when `rank` is called for the next one. */
export function replay<I extends { at: number }>(
  impressions: readonly I[],
  { learn, rank }: { learn: (impression: I) => void; rank: (impression: I, index: number) => void },
): void {
  let known = 0
  for (const [index, impression] of impressions.entries()) {
    for (; known < index; known++) {
      const earlier = impressions[known] as I
      if (earlier.at > impression.at - FEEDBACK_DELAY_S) break
      learn(earlier)
    }
    rank(impression, index)
  }
}
