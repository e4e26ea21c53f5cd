/** What a change is about, and so what its key identifies: `relations` has a reader's id as key, `top` an article's, `search_word` a word of the operator, `sensitive_word` stands for the whole list. */
export type Topic =
  | 'article'
  | 'channel'
  | 'policy'
  | 'reader'
  | 'relations'
  | 'search_word'
  | 'sensitive_word'
  | 'session'
  | 'token_key'
  | 'top'

/** One row of the change log: what `topic` and `key` identify has changed. */
export interface Change {
  topic: Topic
  key: bigint
}
