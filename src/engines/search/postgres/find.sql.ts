// Finds and ranks in one statement. Candidates first, at most 2,000; their rows hold the title's tokens, which rank them. The
// best hundred are then ranked with their text as well, which is read for those only.

import { type RawBuilder, sql } from 'kysely'
import { DAY } from '../../../base/clock.ts'
import type { ArticleId } from '../../../base/id.ts'
import type { Db } from '../../database/database.ts'
import type { Filters } from '../search.ts'
import { CANDIDATES_MAX, WEIGHTS } from '../weights.ts'
import { articleTable, type Slot } from './entries.sql.ts'
import { SEGMENT_SIZES } from './segments.ts'
import { quoteLexeme } from './tsquery.ts'

/** Texts are long and lie elsewhere; beyond the first pages readers do not notice how well one matches. */
const TEXTS_MAX = 50

export interface Ranked {
  slot: Slot
  /** What candidates must match. */
  match: string
  /** Only in these segments; undefined: in all. */
  segments?: string[]
  /** What is counted where it occurs. */
  any: string
  /** The words in a row as they were typed, when there are several. */
  phrase?: string
  /** Words of which an article must have enough, with their weight; undefined: it has all. */
  parts?: { match: string; weight: number }[]
  coverageMin: number
  filters: Filters
  order: 'relevance' | 'time'
  most: number
  now: number
}

export interface Found {
  /** Best first. */
  ids: ArticleId[]
  /** How many were ranked. */
  candidates: number
}

export async function findRanked(db: Db, asked: Ranked): Promise<Found> {
  const { slot, match, segments, any, filters, order, most, coverageMin, now } = asked
  const within = segments ? `(${match})&(${segments.map(quoteLexeme).join('|')})` : match
  const table = articleTable(slot)
  // A row's tokens are ranked where the row is read: carried further they would cost more than everything else.
  const { rows } = await sql<Found>`
    with candidate as (
      select id, published_at, ${coverageOf(asked)} as coverage, ${titleScore(asked)} as by_title, ${boost(asked)} as boost from ${table}
       where tokens @@ ${within}::tsquery and published_at <= to_timestamp(${now / 1_000}) ${filtered(filters)} limit ${sql.lit(CANDIDATES_MAX)}
    ),
    first as (
      select id, published_at, boost, coverage, coverage * by_title * boost as score from candidate where coverage >= ${coverageMin}
       order by ${order === 'time' ? sql`published_at desc` : sql`score desc, published_at desc`}, id desc limit ${most}
    ),
    placed as (
      select *, row_number() over () as place from first
    ),
    ranked as (
      select id, published_at, score + case when place > ${sql.lit(TEXTS_MAX)} then 0 else coverage * boost * coalesce((
               select ts_rank(${RANK_WEIGHTS}, tokens, ${any}::tsquery) * ${sql.lit(WEIGHTS.bodyWord)} from ${table} text
                where text.id = placed.id and length(tokens) > length(title_tokens) + ${sql.lit(SEGMENT_SIZES.length)}), 0) end as score
        from placed
    )
    select coalesce(array_agg(id order by ${order === 'time' ? sql`published_at desc` : sql`score desc, published_at desc`}, id desc), '{}') as ids,
           (select count(*)::int from candidate) as candidates from ranked`.execute(db)
  return rows[0] as Found
}

/** The score of one article taken apart, and whether it is found at all. */
export async function explainRanked(db: Db, asked: Ranked, id: ArticleId) {
  const { rows } = await sql<Record<'found' | 'coverage' | 'words' | 'proximity' | 'phrase' | 'text' | 'freshness' | 'popularity', number>>`
    select (tokens @@ ${asked.match}::tsquery)::int as found, ${coverageOf(asked)}::float8 as coverage, ${wordsOf(asked)}::float8 as words,
           ${nearness(asked)}::float8 as proximity, ${inOrder(asked)}::float8 as phrase,
           case when length(tokens) > length(title_tokens) + ${sql.lit(SEGMENT_SIZES.length)} then ts_rank(${RANK_WEIGHTS}, tokens, ${asked.any}::tsquery) * ${sql.lit(WEIGHTS.bodyWord)} else 0 end::float8 as text,
           ${freshness(asked)}::float8 as freshness, ${popularity}::float8 as popularity
      from ${articleTable(asked.slot)} where id = ${id} and not gone`.execute(db)
  return rows[0]
}

const RANK_WEIGHTS = sql.lit(`{${WEIGHTS.bodyPiece},${WEIGHTS.bodyWord},${WEIGHTS.titlePiece},${WEIGHTS.titleWord}}`)

function coverageOf({ parts }: Ranked): RawBuilder<unknown> {
  if (!parts) return sql`1.0::float8`
  const total = parts.reduce((sum, part) => sum + part.weight, 0)
  return sql`(${sql.join(
    parts.map(part => sql`(tokens @@ ${part.match}::tsquery)::int * ${part.weight / total}::float8`),
    sql` + `,
  )})`
}

/** Longer titles say less about each of their words: 1 is PostgreSQL's "divide by the logarithm of the length". */
const wordsOf = ({ any }: Ranked) => sql`ts_rank(${RANK_WEIGHTS}, title_tokens, ${any}::tsquery, 1)`
/** One word is near to itself: what these two cost is spent only where there are several. */
const nearness = ({ match, phrase }: Ranked) =>
  phrase === undefined ? sql`0` : sql`ts_rank_cd(${RANK_WEIGHTS}, title_tokens, ${match}::tsquery) * ${sql.lit(WEIGHTS.proximity)}`
const inOrder = ({ phrase }: Ranked) =>
  phrase === undefined ? sql`0` : sql`(title_tokens @@ ${phrase}::tsquery)::int * ${sql.lit(WEIGHTS.phrase)}`
const titleScore = (asked: Ranked) => sql`${wordsOf(asked)} + ${nearness(asked)} + ${inOrder(asked)}`

const HALF_LIFE_MS = WEIGHTS.freshnessHalfLifeDays * DAY
/** After sixty half-lives nothing is left that a number could hold. */
const freshness = ({ now }: Ranked) =>
  sql`${sql.lit(WEIGHTS.freshness)} * power(0.5::float8, least(60, greatest(0, ${now}::float8 - extract(epoch from published_at)::float8 * 1000) / ${sql.lit(HALF_LIFE_MS)}::float8))`
const popularity = sql`${sql.lit(WEIGHTS.popularity)} * least(1, ln(1 + greatest(0, popularity)) / ${sql.lit(Math.log(1 + WEIGHTS.popularityReads))}::float8)`
const boost = (asked: Ranked) => sql`(1 + ${freshness(asked)} + ${popularity})`

function filtered({ channelId, authorId, after, before, withCover, hiddenAuthors }: Filters): RawBuilder<unknown> {
  const conditions = [
    channelId !== undefined && sql`channel_id = ${channelId}`,
    authorId !== undefined && sql`author_id = ${authorId}`,
    after !== undefined && sql`published_at >= to_timestamp(${after / 1000})`,
    before !== undefined && sql`published_at < to_timestamp(${before / 1000})`,
    withCover !== undefined && (withCover ? sql`covers > 0` : sql`covers = 0`),
    hiddenAuthors?.length && sql`author_id <> all(${hiddenAuthors}::bigint[])`,
  ].filter(condition => typeof condition === 'object')
  return conditions.length > 0 ? sql`and ${sql.join(conditions, sql` and `)}` : sql``
}
