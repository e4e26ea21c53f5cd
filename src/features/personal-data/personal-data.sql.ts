import { type RawBuilder, sql } from 'kysely'
import type { ReaderId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'

/** A column that names a reader: by id, or as a viewer key. */
export interface PersonalColumn {
  table: string
  column: string
  isViewerKey: boolean
}

/** The columns that reference `reader`, and those called `viewer` that are text. A hashed viewer names no one. */
export async function listPersonalColumns(db: Db): Promise<PersonalColumn[]> {
  const { rows } = await sql<PersonalColumn>`
    select c.relname as "table", a.attname as "column", false as "isViewerKey"
      from pg_constraint f join pg_class c on c.oid = f.conrelid join pg_attribute a on a.attrelid = f.conrelid and a.attnum = f.conkey[1]
     where f.contype = 'f' and f.confrelid = 'reader'::regclass and cardinality(f.conkey) = 1
    union all
    select table_name, column_name, true from information_schema.columns
     where table_schema = 'public' and column_name = 'viewer' and data_type = 'text'
     order by 1, 2`.execute(db)
  return rows
}

const nameOf = ({ table, column }: PersonalColumn) => ({ table: sql.table(table), column: sql.ref(column) })

export const namesReader = ({ column }: PersonalColumn, value: bigint | string) => sql<boolean>`${sql.ref(column)} = ${value}`
export const belongsToArticleOf = (author: ReaderId) => sql<boolean>`article_id in (select id from article where author_id = ${author})`

/** Where the rows are: to read them one batch after another takes no index, and no transaction that lasts as long as the copy. */
export async function listLocations(db: Db, table: string, isOwn: RawBuilder<boolean>): Promise<string[]> {
  const { rows } = await sql<{ location: string }>`
    select ctid::text as location from ${sql.table(table)} where ${isOwn} order by ctid`.execute(db)
  return rows.map(({ location }) => location)
}

/** A row as one JSON object. Ids are text; what is encrypted is left out, and which administrator looked at it. */
export async function describeRow(db: Db, table: string): Promise<RawBuilder<string>> {
  const { rows: columns } = await sql<{ name: string; type: string }>`
    select column_name as name, data_type as type from information_schema.columns
     where table_schema = 'public' and table_name = ${table} and data_type not in ('bytea', 'xid8')
       and column_name not in ('administrator_id', 'administrator_name') order by ordinal_position`.execute(db)
  const fields = columns.flatMap(({ name, type }) => [sql.lit(name), type === 'bigint' ? sql`${sql.ref(name)}::text` : sql.ref(name)])
  return sql<string>`json_build_object(${sql.join(fields)})::text`
}

/** The rows at these places that are still the reader's: another row may be there by now. */
export async function readRows(
  db: Db,
  table: string,
  { row, isOwn, locations }: { row: RawBuilder<string>; isOwn: RawBuilder<boolean>; locations: string[] },
): Promise<string[]> {
  const { rows } = await sql<{ json: string }>`
    select ${row} as json from ${sql.table(table)} where ctid = any(${locations}::text[]::tid[]) and ${isOwn}`.execute(db)
  return rows.map(({ json }) => json)
}

export async function readProfile(db: Db, id: ReaderId) {
  return db
    .selectFrom('reader')
    .select([
      'id',
      'mobile',
      'account',
      'area',
      'company',
      'career',
      'name',
      'photo',
      'intro',
      'certificate',
      'email',
      'gender',
      'birthday',
      'created_at',
      'last_login_at',
    ])
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
}

// Each of the statements below changes up to `limit` rows and returns how many. A row that is changed no longer matches.

export async function deleteRowsOf(db: Db, personal: PersonalColumn, value: bigint | string, limit: number): Promise<number> {
  const { table, column } = nameOf(personal)
  const { numAffectedRows } = await sql`
    delete from ${table} where ctid = any(array(select ctid from ${table} where ${column} = ${value} limit ${limit}))`.execute(db)
  return Number(numAffectedRows)
}

/** Clicks, reads and shares stay counted, as those of an anonymous viewer. Exposures are deleted. */
export async function anonymiseBehaviours(db: Db, viewer: string, limit: number): Promise<number> {
  const { rows } = await sql<{ changed: number }>`
    with batch as (select id, action from behaviour where viewer = ${viewer} limit ${limit}),
    gone as (delete from behaviour where id in (select id from batch where action = 'exposure') returning 1),
    kept as (
      update behaviour set viewer = null, once = null, page_id = null, position = null
       where id in (select id from batch where action <> 'exposure') returning 1
    )
    select (select count(*) from gone)::int + (select count(*) from kept)::int as changed`.execute(db)
  return rows[0]?.changed ?? 0
}

const BLANK = '-'

/** Deletes what belongs to an article: its text and all that falls with it. Then withdraws the article. */
export async function blankArticles(db: Db, author: ReaderId, limit: number): Promise<number> {
  const { rows: parts } = await sql<{ table: string; column: string }>`
    select c.relname as "table", a.attname as "column"
      from pg_constraint f join pg_class c on c.oid = f.conrelid join pg_attribute a on a.attrelid = f.conrelid and a.attnum = f.conkey[1]
     where f.contype = 'f' and f.confrelid = 'article'::regclass and f.confdeltype = 'c' and cardinality(f.conkey) = 1`.execute(db)
  const { rows } = await sql<{ id: bigint }>`
    select id from article where author_id = ${author} and (title <> ${BLANK} or status <> 4) limit ${limit}`.execute(db)
  const ids = rows.map(({ id }) => id)
  for (const { table, column } of parts)
    await sql`delete from ${sql.table(table)} where ${sql.ref(column)} = any(${ids}::bigint[])`.execute(db)
  await sql`
    update article set status = 4, title = ${BLANK}, cover = '{}', keywords = '{}' where id = any(${ids}::bigint[])`.execute(db)
  return ids.length
}

/** Comments without an answer are deleted; the others lose their text. */
export async function blankComments(db: Db, author: ReaderId, limit: number): Promise<number> {
  const { rows } = await sql<{ changed: number }>`
    with batch as (
      select id, exists (select from comment reply where reply.parent_id = comment.id) as answered from comment
       where author_id = ${author} and (status <> 3 or content <> ${BLANK}) limit ${limit}
    ),
    likings as (delete from comment_liking where comment_id in (select id from batch) returning 1),
    gone as (delete from comment where id in (select id from batch where not answered) returning 1),
    kept as (update comment set status = 3, content = ${BLANK}, withdrawn_at = null where id in (select id from batch where answered) returning 1)
    select (select count(*) from gone)::int + (select count(*) from kept)::int as changed`.execute(db)
  return rows[0]?.changed ?? 0
}

export interface DueAccount {
  id: ReaderId
  mobile: string | null
}

export async function listDueAccounts(db: Db, limit: number): Promise<DueAccount[]> {
  const { rows } = await sql<DueAccount>`
    select id, mobile from reader where deletion_due_at <= now() order by deletion_due_at limit ${limit}`.execute(db)
  return rows
}

/** Schedules the deletion and returns when it is due, undefined if there is no such account. One that is scheduled stays as it is. */
export async function scheduleDeletion(db: Db | Tx, id: ReaderId, seconds: number): Promise<Date | undefined> {
  const { rows } = await sql<{ due: Date }>`
    update reader set deletion_due_at = coalesce(deletion_due_at, now() + make_interval(secs => ${seconds}))
     where id = ${id} and deleted_at is null returning deletion_due_at as due`.execute(db)
  return rows[0]?.due
}

/**
 * From now on the account cannot sign in, and requests with a token are refused. `onlyIfDue`: undefined if a sign-in has cancelled
 * the deletion in the meantime.
 */
export async function lockAccount(db: Db, id: ReaderId, { onlyIfDue }: { onlyIfDue: boolean }): Promise<DueAccount | undefined> {
  const { rows } = await sql<DueAccount>`
    update reader set frozen = true, deletion_due_at = least(deletion_due_at, now())
     where id = ${id} and deleted_at is null and (not ${onlyIfDue} or deletion_due_at <= now())
    returning id, mobile`.execute(db)
  return rows[0]
}

/** The last step. The row is deleted, unless an article or a comment needs it as its author. */
export async function deleteAccountRow(db: Db, { id, mobile }: DueAccount, name: string): Promise<void> {
  await sql`delete from sms_code where mobile = ${mobile}`.execute(db)
  await sql`delete from sms_number where mobile = ${mobile}`.execute(db)
  const { numAffectedRows } = await sql`
    delete from reader where id = ${id}
       and not exists (select from article where author_id = ${id}) and not exists (select from comment where author_id = ${id})`.execute(
    db,
  )
  if (numAffectedRows === 1n) return
  await sql`
    update reader set mobile = null, name = ${name}, photo = null, intro = '', certificate = '', account = null, area = null,
           company = null, career = null, email = null, gender = null,
           birthday = null, is_media = false, is_verified = false, frozen = true, last_login_at = null, deletion_due_at = null,
           deleted_at = now()
     where id = ${id}`.execute(db)
}
