// Turns the parts of the world into rows of the product's tables.

import { MINUTE } from '../base/clock.ts'
import { type ArticleId, type ChannelId, RECOMMENDED_CHANNEL, type ReaderId } from '../base/id.ts'
import { viewerKeyOf } from '../base/viewer-key.ts'
import type { FingerprintOf } from '../features/writing/fingerprint.ts'
import type { NewArticle } from '../features/writing/writing.sql.ts'
import { CHANNEL_OF, TOPICS } from './content/topics.ts'
import type { Article, Behaviour, Comment, Edge, Page, Person, World } from './model.ts'

const timestamp = (ms: number) => new Date(ms).toISOString()
const viewer = (id: ReaderId) => viewerKeyOf({ kind: 'reader', id }) ?? null

interface PersonOptions {
  person: Person
  /** Undefined for the account until everything else is written: seed.sql.ts reads its first sign-in as "finished". */
  lastSeenAt: number | undefined
  /** What readers outside the demo have already. */
  taken: { names: Set<string>; mobile: boolean }
}

export function personRow({ person, lastSeenAt, taken }: PersonOptions) {
  const topic = person.topics.length > 0 ? TOPICS[person.topics[0] as number] : undefined
  const certificate = topic ? (topic.language === 'zh' ? `${topic.channel}领域创作者` : `${topic.beat ?? topic.channel} writer`) : ''
  return {
    id: person.id,
    // Two digits of the id make a taken name unique and keep it within seven characters.
    name: taken.names.has(person.name) ? `${person.name.slice(0, 5)}${person.id % 100n}` : person.name,
    mobile: taken.mobile ? null : (person.mobile ?? null),
    intro: person.intro,
    gender: person.gender ?? null,
    certificate,
    is_media: topic !== undefined,
    is_verified: topic !== undefined,
    frozen: false,
    origin: 'demo',
    created_at: timestamp(person.joinedAt),
    last_login_at: lastSeenAt === undefined ? null : timestamp(lastSeenAt),
  }
}

export const pinnedRow =
  (now: number) =>
  ([i, id]: [number, ArticleId]) => ({
    channel_id: RECOMMENDED_CHANNEL,
    article_id: id,
    rank: i + 1,
    pinned_at: timestamp(now),
  })

interface ArticleNeeds {
  channelIds: Map<string, number>
  fingerprintOf: FingerprintOf
}

export const newArticle =
  (world: World, { channelIds, fingerprintOf }: ArticleNeeds) =>
  (article: Article): NewArticle => ({
    id: String(article.id),
    author_id: String(article.authorId),
    channel_id: channelIds.get(world.channels[CHANNEL_OF[article.topic] as number] as string) as ChannelId,
    title: article.title,
    cover: article.cover,
    keywords: article.keywords,
    status: article.status,
    allow_comment: true,
    source_id: null,
    published_at: timestamp(article.at),
    written_at: timestamp(article.at - 40 * MINUTE), // the time it takes to write one
    html: article.html,
    fingerprint: fingerprintOf(article.title, article.html),
  })

export const behaviourRow = (behaviour: Behaviour) => ({
  id: behaviour.id,
  action: behaviour.action,
  viewer: viewer(behaviour.readerId),
  article_id: behaviour.articleId,
  page_id: behaviour.pageId ?? null,
  position: behaviour.position ?? null,
  dwell_ms: behaviour.dwellMs ?? null,
  at: timestamp(behaviour.at),
})

export const edgeRow =
  <From extends string, To extends string>(from: From, to: To) =>
  (edge: Edge<bigint>) => ({ [from]: edge.from, [to]: edge.to, at: timestamp(edge.at) })

export const attitudeRow = (value: 0 | 1) => (edge: Edge<bigint>) => ({
  reader_id: edge.from,
  article_id: edge.to,
  value,
  at: timestamp(edge.at),
})

export const commentRow = (comment: Comment) => ({
  id: comment.id,
  article_id: comment.articleId,
  author_id: comment.authorId,
  parent_id: comment.parentId ?? null,
  content: comment.content,
  status: comment.status,
  pinned: false,
  created_at: timestamp(comment.at),
})

// The simulated feed has no sources and no propensities: source 0 is "the rest", a propensity of 1,000 thousandths is
// neutral, and policy 0 is none of the product's. The model learns from these pages as from all others.
export const pageRow = (world: World, channelIds: Map<string, number>) => (page: Page) => ({
  id: page.id,
  viewer: viewer(page.readerId),
  channel_id: page.channel === 0 ? 0 : (channelIds.get(world.channels[page.channel - 1] as string) as number),
  scroll: page.feedSession,
  stamp: page.cursor,
  older: page.nextCursor,
  asked: page.requestedCursor ?? null,
  article_ids: page.articleIds,
  sources: page.articleIds.map(() => 0),
  propensity: page.articleIds.map(() => 1_000),
  policy: 0,
  made_at: timestamp(page.at),
})
