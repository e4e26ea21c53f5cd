// The types of the demo world. Times are milliseconds since 1970; ids look like those of real rows.

import { ARTICLE_STATUS } from '../base/article-status.ts'
import type { ArticleId, CommentId, PageId, ReaderId } from '../base/id.ts'
import type { Language } from '../base/language.ts'

export interface Person {
  id: ReaderId
  name: string
  intro: string
  mobile?: string
  gender?: number
  /** The topics a creator writes about, as indexes into TOPICS; empty for readers. */
  topics: number[]
  /** The person's affinity to each topic, 0 to 1, in the order of TOPICS. It is in no row. */
  affinities: number[]
  /** Story tags that raise this person's chance to click. */
  favouriteTags: Set<string>
  readsLanguage: Record<Language, boolean>
  visitsPerDay: number
  joinedAt: number
}

export interface Article {
  id: ArticleId
  authorId: ReaderId
  /** Index into TOPICS. */
  topic: number
  language: Language
  tag: string
  title: string
  html: string
  keywords: string[]
  cover: string[]
  status: number
  at: number
  /** From about −2 to 2. It decides how much readers like the article, and is in no row. */
  quality: number
}

export const PUBLISHED = ARTICLE_STATUS.published

export interface Behaviour {
  id: string
  action: 'exposure' | 'click' | 'read' | 'collect' | 'share' | 'like' | 'dislike'
  readerId: ReaderId
  articleId: ArticleId
  pageId?: PageId
  position?: number
  dwellMs?: number
  at: number
}

/** A served page of a feed. Cursors are times in milliseconds. */
export interface Page {
  id: PageId
  readerId: ReaderId
  /** The channel's index plus 1; 0 is the recommended channel. */
  channel: number
  feedSession: PageId
  cursor: number
  nextCursor: number
  /** Only on a first page: the time the client sent. */
  requestedCursor?: number
  articleIds: ArticleId[]
  at: number
}

export interface Comment {
  id: CommentId
  articleId: ArticleId
  authorId: ReaderId
  parentId?: CommentId
  content: string
  status: number
  at: number
}

/** A reader's relation to something: a collection, a following, a comment liking, an entry of the reading history. */
export interface Edge<To> {
  from: ReaderId
  to: To
  at: number
}

export interface World {
  channels: string[]
  people: Person[]
  articles: Article[]
  /** The articles pinned above the recommended channel, the first on top: one in each language. */
  pinned: ArticleId[]
  behaviours: Behaviour[]
  pages: Page[]
  followings: Edge<ReaderId>[]
  comments: Comment[]
  likings: Edge<CommentId>[]
}

/** The edges of one action. A reader meets an article at most once, so no pair occurs twice. */
export function edgesOf(behaviours: Behaviour[], action: Behaviour['action']): Edge<ArticleId>[] {
  return behaviours.filter(one => one.action === action).map(({ readerId, articleId, at }) => ({ from: readerId, to: articleId, at }))
}

// As in the product: a reader's history keeps the hundred articles opened last.
const READING_HISTORY_MAX = 100

export function readingHistories(behaviours: Behaviour[]): Edge<ArticleId>[] {
  const byReader = Map.groupBy(edgesOf(behaviours, 'click'), edge => edge.from)
  return [...byReader.values()].flatMap(edges => edges.slice(-READING_HISTORY_MAX))
}
