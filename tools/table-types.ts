// Generates Kysely's row types from a migrated database. The brand of an id comes from its foreign key: a column that
// references article.id is an ArticleId.

import type pg from 'pg'

const TYPES: Record<string, string> = {
  int8: 'bigint',
  int4: 'number',
  int2: 'number',
  float8: 'number',
  float4: 'number',
  bool: 'boolean',
  text: 'string',
  tsvector: 'string',
  uuid: 'string',
  date: 'string',
  xid8: 'string',
  bytea: 'Buffer',
  timestamptz: 'Date',
  jsonb: 'unknown',
}

const ID_TYPES: Record<string, string> = {
  'reader.id': 'ReaderId',
  'article.id': 'ArticleId',
  'comment.id': 'CommentId',
  'page.id': 'PageId',
  'session.id': 'SessionId',
  'administrator.id': 'AdministratorId',
  'administrator_session.id': 'AdministratorSessionId',
  'stored_file.id': 'FileId',
  'announcement.id': 'AnnouncementId',
  'file_removal.file_id': 'FileId',
  'page.scroll': 'PageId',
  'page.article_ids': 'ArticleId',
  'shared_list.article_ids': 'ArticleId',
  'seen_day.article_ids': 'ArticleId',
  'behaviour.page_id': 'PageId',
}

interface Column {
  table: string
  /** The table itself; of a view, the table it reads. */
  origin: string
  column: string
  type: string
  nullable: boolean
  /** An insert may leave it out. */
  optional: boolean
  /** Only the database writes it. */
  generated: boolean
  target: string | null
}

// A column of a view has the nullability, the brand and the foreign key of the column of the same name in its table.
const COLUMNS = `
  select c.relname as "table", origin.relname as origin, a.attname as "column", t.typname as type, not a.attnotnull as nullable,
         a.atthasdef or a.attidentity <> '' as optional, a.attidentity = 'a' as generated,
         (select f.relname || '.' || fa.attname
            from pg_constraint k
            join pg_class f on f.oid = k.confrelid
            join pg_attribute fa on fa.attrelid = k.confrelid and fa.attnum = k.confkey[1]
           where k.contype = 'f' and k.conrelid = origin.oid and k.conkey = array[a.attnum]
           order by k.oid limit 1) as target
    from pg_class c
    join pg_attribute own on own.attrelid = c.oid and own.attnum > 0 and not own.attisdropped
    join pg_class origin on origin.oid = case when c.relkind <> 'v' then c.oid else (
           select d.refobjid
             from pg_rewrite r
             join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
             join pg_attribute b on b.attrelid = d.refobjid and b.attname = own.attname
            where r.ev_class = c.oid and d.refobjid <> c.oid
            limit 1) end
    join pg_attribute a on a.attrelid = origin.oid and a.attname = own.attname
    join pg_type t on t.oid = a.atttypid
   where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') and not c.relispartition
   order by c.relname, own.attnum`

export async function generateTables(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<Column>(COLUMNS)
  const tables = Map.groupBy(rows, row => row.table)
  const idTypes = [...new Set(Object.values(ID_TYPES))].toSorted().join(', ')
  const blocks = [...tables].map(([table, columns]) => `export interface ${pascal(table)} {\n${columns.map(line).join('\n')}\n}`)
  const index = `export interface Tables {\n${[...tables.keys()].map(table => `  ${table}: ${pascal(table)}`).join('\n')}\n}`
  return [
    '// Generated from a migrated database by `npm run tables`; `npm run check` says when it is stale.',
    "import type { Generated, GeneratedAlways } from 'kysely'",
    `import type { ${idTypes} } from '../../base/id.ts'`,
    '',
    ...blocks.flatMap(block => [block, '']),
    index,
    '',
  ].join('\n')
}

function line({ origin, column, type, nullable, optional, generated, target }: Column): string {
  const base = typeOf(type, ID_TYPES[`${origin}.${column}`] ?? (target ? ID_TYPES[target] : undefined))
  const full = nullable ? `${base} | null` : base
  const wrapped = generated ? `GeneratedAlways<${full}>` : optional ? `Generated<${full}>` : full
  return `  ${column}: ${wrapped}`
}

function typeOf(type: string, idType: string | undefined): string {
  if (type.startsWith('_')) return `${typeOf(type.slice(1), idType)}[]`
  if (idType && type === 'int8') return idType
  const known = TYPES[type]
  if (!known) throw new Error(`no TypeScript type for PostgreSQL's ${type}`)
  return known
}

function pascal(name: string): string {
  return name.replace(/(^|_)(\w)/g, (_, _under, letter: string) => letter.toUpperCase())
}
