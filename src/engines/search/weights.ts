// Every number that orders results, and what it says. A score is text × (1 + freshness + popularity): what was typed decides,
// and of two articles that match alike the newer and the more read one comes first.

export const WEIGHTS = {
  /** A word of the title that is the word looked for. Everything else is measured by it. */
  titleWord: 1,
  /** The same characters inside or across words of the title. */
  titlePiece: 0.5,
  /** In the text: a title says what an article is about, a text also what it only mentions. */
  bodyWord: 0.2,
  bodyPiece: 0.1,
  /** Added when the title has all words in the order in which they were typed and next to each other. */
  phrase: 1,
  /** Added in proportion to how near each other the words stand in the title. */
  proximity: 0.5,
  /** Of the text's own share: a word half of all articles have says little. Used when not all words are found. */
  coverage: 1,
  /** At most so much for an article of this moment … */
  freshness: 0.25,
  /** … and half of it for one that is so old. News is read for days, not for months. */
  freshnessHalfLifeDays: 7,
  /** For one read a thousand times; the logarithm keeps the most read from standing above everything. */
  popularity: 0.15,
  popularityReads: 1_000,
} as const

/**
 * A query that matches more articles than this is ranked among the newest so many that match: ranking reads each candidate's
 * row, and readers do not go beyond the first thousand.
 */
export const CANDIDATES_MAX = 2_000
/** When fewer than a page have all words, articles that lack some follow after those. */
export const ENOUGH = 10
/** Of the words' weight (rare ones weigh more) an article must have so much, to follow those that have all. */
export const COVERAGE_MIN = 0.6

/** Where suggestions of equal spelling stand. */
export const PHRASE_WEIGHTS = { channel: 8, author: 6, query: 6, keyword: 3, pair: 2, word: 1, title: 0.5 } as const

/** When nothing has even that, a third is better than nothing: the one word that counts in a question put otherwise. */
export const COVERAGE_LEAST = 0.33
