/** A page row and a tracking token hold the index of a source here, and why a page is so has a bit for each of sixteen: append only.
 * `pinned` is no source of a ranking, and `seen` the one of feeds/seen-again.ts. */
export const SOURCE_NAMES = [
  'rest',
  'trending',
  'fresh',
  'following',
  'covisited',
  'explore',
  'pinned',
  'seen',
  'interests',
  'collaborative',
  'leaderboard',
] as const

/** The order of the table of sources, in which an article names those that found it. */
export const SOURCE_ORDER: readonly (typeof SOURCE_NAMES)[number][] = [
  'following',
  'covisited',
  'collaborative',
  'interests',
  'trending',
  'fresh',
  'explore',
  'leaderboard',
  'rest',
  'pinned',
  'seen',
]
