// A log of readers who click for one hidden reason: each reads one channel only. Made anew for each use, from a seed.

import { sql } from 'kysely'
import type { ArticleId, ChannelId, PageId, ReaderId } from '../../src/base/id.ts'
import { createSeededRandom } from '../../src/base/seeded-random.ts'
import type { Db } from '../../src/engines/database/database.ts'
import type { ArticleFacts } from '../../src/recommend/catalogue/catalogue.ts'
import type { Learner } from '../../src/recommend/learn/learner.ts'
import type { Behaviour, LogEntry, ServedPage } from '../../src/recommend/learn/log-entry.ts'

const [READERS, CHANNELS, PLACES] = [40, 4, 10]
const PAGE_EVERY_MS = 5_000

export const channelOf = (article: ArticleId): ChannelId => (Number(article % BigInt(CHANNELS)) + 1) as ChannelId
export const favouriteOf = (viewer: string): ChannelId => ((Number(viewer.slice(1)) % CHANNELS) + 1) as ChannelId

export const factsOf = (id: ArticleId, publishedAt: number): ArticleFacts => ({
  id,
  authorId: 1n as ReaderId,
  channelId: channelOf(id),
  publishedAt,
  language: 'en',
})

/** The clicks that a learner has learned from, and those of its warm-up. */
export function clicksLearned(learner: Learner): number {
  const { data } = learner.parts().ranker as { data: { learned: number; warmUp: unknown[] } }
  return data.learned + data.warmUp.length
}

export function weightsOf(learner: Learner): string {
  const { ranker, opened } = learner.parts() as { ranker: object; opened: { weights: object } }
  return JSON.stringify([ranker, opened.weights])
}

/** Pages of random articles; the reader clicks the first one of their channel that they look at. */
export function makeReadingLog({
  pages,
  articles,
  from,
  seed = 1,
  isWanted = (viewer, article) => channelOf(article) === favouriteOf(viewer),
}: {
  pages: number
  articles: ArticleId[]
  from: number
  seed?: number
  /** What a reader clicks, of what they look at. */
  isWanted?: (viewer: string, article: ArticleId, at: number) => boolean
}): LogEntry[] {
  const random = createSeededRandom('reading', seed)
  const entries: LogEntry[] = []
  for (let i = 1; i <= pages; i++) {
    const viewer = `r${random.int(1, READERS)}`
    const at = from + i * PAGE_EVERY_MS
    const id = BigInt(seed * 1_000_000 + i) as PageId
    const articleIds = random.shuffle(articles).slice(0, PLACES)
    const page: ServedPage = {
      kind: 'page',
      id,
      viewer,
      isKnown: true,
      at,
      channelId: 0 as ChannelId,
      continues: null,
      nextCursor: BigInt(at),
      articleIds,
    }
    entries.push(page)
    const place = articleIds.findIndex(article => isWanted(viewer, article, at) && random.chance(0.8))
    if (place >= 0) entries.push(clickOn(page, place))
  }
  return entries
}

export const clickOn = ({ viewer, articleIds, id, at }: ServedPage, place: number): Behaviour => ({
  kind: 'behaviour',
  action: 'click',
  viewer,
  isKnown: true,
  articleId: articleIds[place] as ArticleId,
  pageId: id,
  dwellMs: null,
  at: at + 1_000,
})

/** Each entry in a transaction of its own, in order, as often as `times` says: a client that got no answer sends again. */
export async function insertReadingLog(db: Db, entries: readonly LogEntry[], times: () => number = () => 1): Promise<void> {
  for (const entry of entries) for (let left = times(); left > 0; left--) await insertWholeReadingLog(db, [entry])
}

/** All entries in two statements, a twentieth of the work: for those who read the log when it is whole. */
export async function insertWholeReadingLog(db: Db, entries: readonly LogEntry[]): Promise<void> {
  const pages = entries.filter(entry => entry.kind === 'page')
  const behaviours = entries.filter(entry => entry.kind === 'behaviour')
  if (pages.length > 0)
    await sql`
      insert into page (id, viewer, channel_id, scroll, stamp, older, article_ids, sources, propensity, policy, made_at)
      select id, viewer, channel_id, id, id * 2, id * 2 - 1, article_ids::bigint[],
             array_fill(0::smallint, array[${PLACES}::int]), array_fill(1000::smallint, array[${PLACES}::int]), 1, made_at
        from unnest(${pages.map(({ id }) => id)}::bigint[], ${pages.map(({ viewer }) => viewer)}::text[],
                    ${pages.map(({ channelId }) => channelId)}::int[], ${pages.map(({ articleIds }) => `{${articleIds}}`)}::text[],
                    ${pages.map(({ at }) => new Date(at))}::timestamptz[]) as one (id, viewer, channel_id, article_ids, made_at)
      on conflict do nothing`.execute(db)
  if (behaviours.length > 0)
    await sql`
      insert into behaviour (id, action, viewer, article_id, page_id, at)
      select md5(page_id || ' ' || article_id)::uuid, action, viewer, article_id, page_id, at
        from unnest(${behaviours.map(({ action }) => action)}::text[], ${behaviours.map(({ viewer }) => viewer)}::text[],
                    ${behaviours.map(({ articleId }) => articleId)}::bigint[], ${behaviours.map(({ pageId }) => pageId)}::bigint[],
                    ${behaviours.map(({ at }) => new Date(at))}::timestamptz[]) as one (action, viewer, article_id, page_id, at)
      on conflict do nothing`.execute(db)
}
