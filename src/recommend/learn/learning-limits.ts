// Bounds what a reader, or many together, can make the model learn. What is over a bound is counted and not learned from. Limits
// by address and network stand before (features/behaviours): these are for accounts, which have none.

/** Clicks of one reader in an hour: one every half a minute, all hour long. A program clicks faster. */
const VIEWER_CLICKS_MAX = 120
const VIEWERS_MAX = 50_000
/** An article may be clicked five times as often as what stands beside it, and twenty times more. A ring that clicks nothing else is above. */
const [LIFT_MAX, CLICKS_FREE] = [5, 20]

const HOUR_S = 3600

export type Refusal = 'limited' | 'crowded'

export function createLearningLimits() {
  const data = { hour: 0, clicks: new Map<string, number>() }
  return {
    /** Why a click is not learned from, if it is not. `demand`: clicks on the article of late, beside those by chance. */
    refuse(viewer: string, at: number, demand: { clicks: number; expected: number }): Refusal | undefined {
      const hour = Math.floor(at / HOUR_S)
      if (hour !== data.hour) data.clicks.clear()
      data.hour = hour
      const clicks = (data.clicks.get(viewer) ?? 0) + 1
      if (clicks > VIEWER_CLICKS_MAX || data.clicks.size >= VIEWERS_MAX) return 'limited'
      data.clicks.set(viewer, clicks)
      return demand.clicks > CLICKS_FREE + LIFT_MAX * demand.expected ? 'crowded' : undefined
    },
    data,
  }
}
