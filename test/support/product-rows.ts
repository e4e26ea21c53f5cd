// Rows that tests insert directly: channels, authors and published articles.

import type { ArticleId, ChannelId, ReaderId } from '../../src/base/id.ts'
import { createSnowflake, WORKER_COUNT } from '../../src/base/snowflake.ts'
import type { Db } from '../../src/engines/database/database.ts'

const PUBLISHED = 2
const BATCH_ROWS = 500

export interface ArticleDraft {
  /** Where a test depends on the very number. A running product takes an id older than all others for one that cannot exist. */
  id?: ArticleId
  author?: ReaderId
  channel: ChannelId
  title?: string
  ageSeconds?: number
  cover?: string[]
  status?: number
}

/**
 * As the product makes them: an id older than all others is taken for one that cannot exist, until the change log has told of it. No
 * product of a test has so many processes that one has this worker number.
 */
export const newRowId = createSnowflake({ worker: WORKER_COUNT - 1, clock: Date.now })

export type RowWriter = ReturnType<typeof createRowWriter>

export function createRowWriter(db: Db) {
  async function insertChannel(name: string): Promise<ChannelId> {
    const row = await db.insertInto('channel').values({ name }).returning('id').executeTakeFirstOrThrow()
    return row.id
  }

  async function insertAuthor(): Promise<ReaderId> {
    const id = newRowId() as ReaderId
    await db
      .insertInto('reader')
      .values({ id, name: `author ${id}` })
      .execute()
    return id
  }

  /** The first draft is the newest article, unless their ages say otherwise. */
  async function insertArticles(drafts: ArticleDraft[]): Promise<ArticleId[]> {
    const author = drafts.every(draft => draft.author) ? undefined : await insertAuthor()
    const now = Date.now()
    const rows = drafts.map((draft, i) => ({
      id: draft.id ?? (newRowId() as ArticleId),
      author_id: draft.author ?? (author as ReaderId),
      channel_id: draft.channel,
      title: draft.title ?? `Article ${i}`,
      cover: draft.cover ?? [],
      status: draft.status ?? PUBLISHED,
      published_at: new Date(now - (draft.ageSeconds ?? i + 1) * 1000),
    }))
    for (let i = 0; i < rows.length; i += BATCH_ROWS) {
      const batch = rows.slice(i, i + BATCH_ROWS)
      await db.insertInto('article').values(batch).execute()
      await db
        .insertInto('article_content')
        .values(batch.map(row => ({ article_id: row.id, html: `<p>${row.title}</p>` })))
        .execute()
    }
    return rows.map(row => row.id)
  }

  return { insertChannel, insertArticles }
}
