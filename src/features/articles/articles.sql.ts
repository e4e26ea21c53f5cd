import { sql } from 'kysely'
import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'

export interface ArticleRow {
  id: ArticleId
  title: string
  html: string
  author_id: ReaderId
  author_name: string
  author_photo: string | null
  channel_id: ChannelId
  published_at: Date
  /** What the reader who asks has done with it; all empty for anyone else. */
  followed: boolean
  attitude: number | null
  collected: boolean
}

/** A published article with the asking reader's own marks on it. */
export async function articleFor(db: Db, id: ArticleId, readerId: ReaderId | undefined): Promise<ArticleRow | undefined> {
  const reader = readerId ?? null
  const { rows } = await sql<ArticleRow>`
    select article.id, title, html, author_id, reader.name as author_name, reader.photo as author_photo, channel_id, published_at,
           exists (select from following where following.reader_id = ${reader} and creator_id = author_id) as followed,
           (select value from attitude where attitude.reader_id = ${reader} and article_id = article.id) as attitude,
           exists (select from collection where collection.reader_id = ${reader} and article_id = article.id) as collected
      from article join article_content on article_content.article_id = article.id join reader on reader.id = author_id
     where article.id = ${id} and status = 2`.execute(db)
  return rows[0]
}

/** Others worth reading after this one: the newest of its channel, those that share a keyword with it first. */
export async function besides(db: Db, id: ArticleId, most: number): Promise<{ art_id: ArticleId; title: string }[]> {
  const { rows } = await sql<{ art_id: ArticleId; title: string }>`
    select id as art_id, title from (
      select near.id, near.title, near.published_at, near.keywords && this.keywords as alike
        from article this join article near on near.channel_id = this.channel_id and near.id <> this.id and near.status = 2
       where this.id = ${id} order by near.published_at desc limit 200
    ) near order by alike desc, published_at desc limit ${most}`.execute(db)
  return rows
}
