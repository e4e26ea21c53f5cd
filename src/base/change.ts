/** What a change is about, and so what its key identifies: `relations` has a reader's id as key, `top` an article's. */
export type Topic = 'article' | 'channel' | 'reader' | 'relations' | 'top'

/** One row of the change log: what `topic` and `key` identify has changed. */
export interface Change {
  topic: Topic
  key: bigint
}
