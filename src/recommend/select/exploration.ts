// A place on the page for what nobody knows yet: new articles that have hardly been shown. Which one is drawn by chance,
// in proportion to what it may turn out to be worth, and the chance is kept with the page: whoever learns from clicks
// has to know how likely it was that the question was asked.

export interface Trial {
  /** How often it was shown, and opened. */
  shown: number
  clicks: number
}

export interface Draw<T> {
  chosen: T
  /** The chance with which it was drawn, from 0 to 1. */
  propensity: number
}

// Before anything is known of an article it is taken to be opened once in eight times it is shown, as sure of that as
// eight showings would make us.
const PRIOR_CLICKS = 1
const PRIOR_SHOWN = 8
// How sharply a better prospect is preferred: at 0.05 one that looks 5 points better is drawn e times as often.
const TEMPERATURE = 0.05

/** The posterior of its click rate, as mean plus deviation of a beta distribution: optimism while little is known. */
export function prospect({ shown, clicks }: Trial): number {
  const a = PRIOR_CLICKS + clicks
  const b = PRIOR_SHOWN - PRIOR_CLICKS + Math.max(0, shown - clicks)
  const total = a + b
  return a / total + Math.sqrt((a * b) / (total * total * (total + 1)))
}

/** Draws one of them; undefined when there is none. `random` is at least 0 and less than 1. */
export function draw<T extends Trial>(trials: readonly T[], random: number): Draw<T> | undefined {
  const prospects = trials.map(prospect)
  const best = Math.max(...prospects)
  const weights = prospects.map(one => Math.exp((one - best) / TEMPERATURE))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let left = random * total
  for (const [i, weight] of weights.entries()) {
    left -= weight
    if (left < 0) return { chosen: trials[i] as T, propensity: weight / total }
  }
  return undefined
}
