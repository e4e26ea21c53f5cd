// Every number that orders results, with its reason. A score is text × (1 + freshness + popularity): the text decides, and of two
// articles with equal text scores the newer or more read one comes first.

export const WEIGHTS = {
  /** A query word in the title. All other weights are relative to it. */
  titleWord: 1,
  /** The same characters inside or across words of the title. */
  titlePiece: 0.5,
  /** In the text: a title says what an article is about, a text also mentions other things. */
  bodyWord: 0.2,
  bodyPiece: 0.1,
  /** Added if the title has all words next to each other in the typed order. */
  phrase: 1,
  /** Added in proportion to how close the words are in the title. */
  proximity: 0.5,
  /** The part of the words found, rare words weighing more. Used if not all words are found. */
  coverage: 1,
  /** For an article published this moment … */
  freshness: 0.25,
  /** … and half of it after this time: news is read for days, not for months. */
  freshnessHalfLifeDays: 7,
  /** For an article read a thousand times; logarithmic, so that the most read ones do not come before everything. */
  popularity: 0.15,
  popularityReads: 1_000,
} as const

/** If at most so many articles match, all are ranked, which takes some milliseconds: each row is read. */
export const RANKED_MAX = 2_000
/** If more match, the newest so many are ranked. Readers see twenty at a time. */
export const CANDIDATES_MAX = 500
/** If fewer articles than a page have all words, articles that lack some follow. */
export const ENOUGH = 10
/** An article follows if it has this part of the words' weight (rare words weigh more). */
export const COVERAGE_MIN = 0.6

/** Order suggestions that match equally well. */
export const PHRASE_WEIGHTS = { channel: 8, author: 6, query: 6, keyword: 3, pair: 2, word: 1, title: 0.5 } as const

/** If no article has COVERAGE_MIN, this part suffices: the one telling word of a question. */
export const COVERAGE_LEAST = 0.33
