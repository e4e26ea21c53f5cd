// The rows that each part of the world becomes.

import { MINUTE } from '../base/clock.ts'
import { type ArticleId, RECOMMENDED_CHANNEL, type ReaderId } from '../base/id.ts'
import { viewerKeyOf } from '../base/viewer-key.ts'
import type { Article } from './articles.ts'
import { TOPICS } from './content/topics.ts'
import type { Person } from './people.ts'
import type { Behaviour, Comment, Edge, Page, World } from './world.ts'

const moment = (ms: number) => new Date(ms).toISOString()
const viewer = (id: ReaderId) => viewerKeyOf({ kind: 'reader', id }) ?? null

interface PersonNeeds {
  person: Person
  /** Undefined for the account until everything else is written: demo.sql.ts reads its first sign-in as "finished". */
  lastSeen: number | undefined
  /** What real readers have already; it stays theirs. */
  taken: { names: Set<string>; mobile: boolean }
}

export function personRow({ person, lastSeen, taken }: PersonNeeds) {
  const topic = person.topics.length > 0 ? TOPICS[person.topics[0] as number] : undefined
  const certificate = topic ? (topic.language === 'zh' ? `${topic.channel}领域创作者` : `${topic.channel} writer`) : ''
  return {
    id: person.id,
    // Two digits of the id keep a name within seven characters and apart from whoever has it.
    name: taken.names.has(person.name) ? `${person.name.slice(0, 5)}${person.id % 100n}` : person.name,
    mobile: taken.mobile ? null : (person.mobile ?? null),
    intro: person.intro,
    gender: person.gender ?? null,
    certificate,
    is_media: topic !== undefined,
    is_verified: topic !== undefined,
    frozen: false,
    origin: 'demo',
    created_at: moment(person.joinedAt),
    last_login_at: lastSeen === undefined ? null : moment(lastSeen),
  }
}

/** Above the recommended channel, as editors pin what everybody should see. */
export const pinnedRow = (now: number) => (id: ArticleId) => ({
  channel_id: RECOMMENDED_CHANNEL,
  article_id: id,
  rank: 1,
  pinned_at: moment(now),
})

export const articleRows = (world: World, channels: Map<string, number>) => (draft: Article) => ({
  id: draft.id,
  author_id: draft.authorId,
  channel_id: channels.get(world.channels[draft.topic] as string) as number,
  title: draft.title,
  cover: draft.cover,
  keywords: draft.keywords,
  status: draft.status,
  allow_comment: true,
  origin: 'demo',
  published_at: moment(draft.at),
  created_at: moment(draft.at - 40 * MINUTE), // what it takes to write one
  updated_at: moment(draft.at),
})

export const contentRows = (draft: Article) => ({ article_id: draft.id, html: draft.html })

export const behaviourRows = (one: Behaviour) => ({
  id: one.id,
  action: one.action,
  viewer: viewer(one.readerId),
  article_id: one.articleId,
  page_id: one.pageId ?? null,
  position: one.position ?? null,
  dwell_ms: one.dwellMs ?? null,
  at: moment(one.at),
})

export const edgeRows =
  <From extends string, To extends string>(from: From, to: To) =>
  (tie: Edge<bigint>) => ({ [from]: tie.from, [to]: tie.to, at: moment(tie.at) })

export const attitudeRows = (value: 0 | 1) => (tie: Edge<bigint>) => ({
  reader_id: tie.from,
  article_id: tie.to,
  value,
  at: moment(tie.at),
})

export const commentRows = (remark: Comment) => ({
  id: remark.id,
  article_id: remark.articleId,
  author_id: remark.authorId,
  parent_id: remark.parentId ?? null,
  content: remark.content,
  status: remark.status,
  pinned: false,
  created_at: moment(remark.at),
})

// The demo's feed drew by chance and kept no sources: 0 is "the rest", 1000 thousandths weigh nothing up or down, and
// policy 0 is nobody's.
export const pageRows = (world: World, channels: Map<string, number>) => (page: Page) => ({
  id: page.id,
  viewer: viewer(page.readerId),
  channel_id: page.channel === 0 ? 0 : (channels.get(world.channels[page.channel - 1] as string) as number),
  scroll: page.scroll,
  stamp: page.stamp,
  older: page.older,
  asked: page.asked ?? null,
  article_ids: page.articleIds,
  sources: page.articleIds.map(() => 0),
  propensity: page.articleIds.map(() => 1_000),
  policy: 0,
  made_at: moment(page.at),
})
