export const WORD_MAX = 50
/** A single character stands in most texts. */
export const FOLDED_MIN = 2
