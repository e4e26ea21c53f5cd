export const COUNTER_KINDS = [
  'article.reads',
  'article.likes',
  'article.dislikes',
  'article.collections',
  'article.comments',
  'article.shares',
  'comment.likes',
  'comment.replies',
  'reader.articles',
  'reader.followers',
  'reader.followings',
  'reader.likes_received',
  'reader.reads_received',
] as const
export type CounterKind = (typeof COUNTER_KINDS)[number]

export const isCounterKind = (kind: string): kind is CounterKind => (COUNTER_KINDS as readonly string[]).includes(kind)

/** A kind nobody has declared is a mistake of the caller's, and no count of 0. */
export function assertCounterKinds(kinds: readonly string[]): void {
  const unknown = kinds.find(kind => !isCounterKind(kind))
  if (unknown !== undefined) throw new Error(`there is no count of the kind ${unknown}`)
}
