// What is counted. Each kind is declared beside its table in migrations/ with declare_counts().

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

/** An unknown kind is a bug of the caller: it throws, where an unknown id counts 0. */
export function assertCounterKinds(kinds: readonly string[]): void {
  const unknown = kinds.find(kind => !isCounterKind(kind))
  if (unknown !== undefined) throw new Error(`there is no count of the kind ${unknown}`)
}
