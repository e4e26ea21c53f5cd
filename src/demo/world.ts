// The demo world, worked out in memory from a seed and a moment: the same two give the same world, to the last like.
// Nothing here knows a database; demo.sql.ts puts the rows where they belong.

import { DAY } from '../base/clock.ts'
import type { ArticleId, CommentId, PageId, ReaderId } from '../base/id.ts'
import { type Article, makeArticles, PUBLISHED } from './articles.ts'
import { makeComments } from './comments.ts'
import { TOPICS } from './content/topics.ts'
import { createPastIds } from './moments.ts'
import { makePeople, type Person } from './people.ts'
import { simulateVisits } from './visits.ts'

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

export interface Page {
  id: PageId
  readerId: ReaderId
  /** The channel's place among the topics, from 1; 0 is the recommended channel. */
  channel: number
  scroll: PageId
  stamp: number
  older: number
  asked?: number
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

/** Somebody to something, at a moment: collections, followings, comment likings, histories. */
export interface Edge<To> {
  from: ReaderId
  to: To
  at: number
}

export interface World {
  channels: string[]
  people: Person[]
  articles: Article[]
  /** What the paper's editors put above everything: the best of the last days' news. */
  pinned: ArticleId
  behaviours: Behaviour[]
  pages: Page[]
  followings: Edge<ReaderId>[]
  comments: Comment[]
  likings: Edge<CommentId>[]
}

export function makeWorld({ seed, now }: { seed: number; now: number }): World {
  const idAt = createPastIds()
  const people = makePeople({ seed, now, idAt })
  const articles = makeArticles({ seed, now, idAt, people })
  const { behaviours, pages, followings } = simulateVisits({ seed, now, idAt, people, articles })
  const { comments, likings } = makeComments({ seed, now, idAt, people, articles, behaviours })
  return {
    channels: TOPICS.map(topic => topic.channel),
    people,
    articles,
    pinned: topOf(articles, now),
    behaviours,
    pages,
    followings,
    comments,
    likings,
  }
}

function topOf(articles: Article[], now: number): ArticleId {
  const lately = articles.filter(one => one.status === PUBLISHED && one.language === 'zh' && one.at > now - 3 * DAY)
  return lately.reduce((best, one) => (one.quality > best.quality ? one : best)).id
}

/** What everybody did, split by what it was; a reader meets an article once, so likes need no sorting out. */
export function edgesOf(behaviours: Behaviour[], action: Behaviour['action']): Edge<ArticleId>[] {
  return behaviours.filter(one => one.action === action).map(({ readerId, articleId, at }) => ({ from: readerId, to: articleId, at }))
}

// The contract keeps the hundred articles a reader opened last.
const HISTORY_MAX = 100

export function readingHistories(behaviours: Behaviour[]): Edge<ArticleId>[] {
  const kept = Map.groupBy(edgesOf(behaviours, 'click'), tie => tie.from)
  return [...kept.values()].flatMap(all => all.slice(-HISTORY_MAX))
}
