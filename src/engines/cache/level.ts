// What both levels of a cache share.

/** Loads many keys at once. A key that is not in the result has no row. */
export type Load<K, V> = (keys: K[]) => Promise<Map<K, V>>

/**
 * A lifetime between half of `ms` and `ms`, so that entries stored together do not expire together. The spread is that wide
 * because then, after a moment in which everything was stored, renewals never come at more than 1.5 times the usual rate.
 */
export const jitter = (ms: number, random: () => number) => Math.round(ms * (0.5 + random() / 2))
