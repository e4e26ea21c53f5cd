/** The stages of an article, by the numbers of the wire contract. Readers see published articles only. */
export const ARTICLE_STATUS = { draft: 0, inReview: 1, published: 2, rejected: 3, deleted: 4, banned: 5 } as const

const { draft, inReview, published, rejected } = ARTICLE_STATUS
/** Of these the author sees a list; deleted and banned articles are in none. */
export const LISTED_STATUSES: readonly number[] = [draft, inReview, published, rejected]
