import { sql } from 'kysely'
import { type ArticleId, type ChannelId, parseId, type ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'

// Each statement is its own transaction, so none stays open between statements. Statements that lock rows of a unique index
// do so in the order of the index, so that concurrent imports cannot deadlock.

/**
 * The source id, in an export, of an article that was written here. It includes the creation time, because articles of
 * different installations may have the same id, as seeded ones do.
 */
const SOURCE_ID = sql<string>`coalesce(article.source_id, 'article:' || article.id || '@' || (extract(epoch from article.created_at) * 1000000)::bigint)`
const WRITTEN_HERE = /^article:(\d+)@\d+$/

/** Those of these source ids that belong to existing articles. */
export async function findKnownSourceIds(db: Db, sourceIds: string[]): Promise<string[]> {
  const ids = sourceIds.flatMap(id => parseId(WRITTEN_HERE.exec(id)?.[1] ?? '') ?? [])
  const { rows } = await sql<{ source_id: string }>`
    select source_id from article where source_id = any(${sourceIds}::text[])
    union all
    select ${SOURCE_ID} from article where source_id is null and id = any(${ids}::bigint[]) and ${SOURCE_ID} = any(${sourceIds}::text[])`.execute(
    db,
  )
  return rows.map(row => row.source_id)
}

export async function addChannels(db: Db, names: string[]): Promise<void> {
  const values = names.toSorted().map(name => ({ name, origin: 'import' }))
  await db
    .insertInto('channel')
    .values(values)
    .onConflict(row => row.doNothing())
    .execute()
}

/** By the given names. A name that looks like that of a channel is that channel. */
export async function channelIdsByName(db: Db, names: string[]): Promise<Map<string, ChannelId>> {
  const { rows } = await sql<{ id: ChannelId; name: string }>`
    select channel.id, given.name from unnest(${names}::text[]) given (name) join channel on skeleton(channel.name) = skeleton(given.name)`.execute(
    db,
  )
  return new Map(rows.map(row => [row.name, row.id]))
}

export async function addCreators(db: Db, creators: { id: ReaderId; name: string }[]): Promise<void> {
  const byName = creators.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  await db
    .insertInto('reader')
    .values(byName.map(({ id, name }) => ({ id, name, is_media: true, is_verified: true, origin: 'import' })))
    .onConflict(row => row.doNothing())
    .execute()
}

/** By the given names, as for channels. */
export async function readersByName(db: Db, names: string[]): Promise<Map<string, { id: ReaderId; is_verified: boolean; origin: string }>> {
  const { rows } = await sql<{ id: ReaderId; name: string; is_verified: boolean; origin: string }>`
    select reader.id, given.name, is_verified, origin
      from unnest(${names}::text[]) given (name) join reader on skeleton(reader.name) = skeleton(given.name)`.execute(db)
  return new Map(rows.map(row => [row.name, row]))
}

/** A dry run stores the source ids it has seen in a temporary table, so that memory stays bounded. */
export async function createDryRunTable(db: Db): Promise<void> {
  await sql`drop table if exists pg_temp.dry_run`.execute(db)
  await sql`create temporary table dry_run (source_id text primary key)`.execute(db)
}

/** Returns how many of these are new. */
export async function addDryRunSourceIds(db: Db, sourceIds: string[]): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into pg_temp.dry_run select unnest(${sourceIds}::text[]) on conflict do nothing`.execute(db)
  return Number(numAffectedRows)
}

export async function deleteDryRunTable(db: Db): Promise<void> {
  await sql`drop table if exists pg_temp.dry_run`.execute(db)
}

/** Up to `limit` articles with ids above `after`, in order, with all fields of an import line. */
export async function listArticlesAfter(db: Db, after: ArticleId, limit: number) {
  return (
    db
      // The limit is in a subquery: without statistics, the planner would join all articles first.
      .selectFrom(db.selectFrom('article').selectAll().where('id', '>', after).orderBy('id').limit(limit).as('article'))
      .innerJoin('reader', 'reader.id', 'article.author_id')
      .innerJoin('channel', 'channel.id', 'article.channel_id')
      .leftJoin('article_content', 'article_content.article_id', 'article.id')
      .select([
        'article.id',
        SOURCE_ID.as('source_id'),
        'article.title',
        'article_content.html',
        'channel.name as channel',
        'reader.name as author',
        'article.keywords',
        'article.cover',
        'article.status',
        'article.allow_comment',
        // As text, because a JavaScript Date would lose the microseconds.
        sql<string>`to_char(article.published_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as('published_at'),
      ])
      .orderBy('article.id')
      .execute()
  )
}
