// Finds and ranks in one statement: a bounded number of candidates, the newest, are ranked by the tokens of their titles, then the
// best ones again with their texts.

import { type RawBuilder, sql } from 'kysely'
import { DAY } from '../../../base/clock.ts'
import type { ArticleId } from '../../../base/id.ts'
import type { Db } from '../../database/database.ts'
import type { Filters } from '../search.ts'
import { WEIGHTS } from '../weights.ts'
import { articleTable, type Slot } from './entries.sql.ts'
import { DAYS, dayOf, rangeQuery, TAGS_COUNT, tagQuery } from './tags.ts'

/** Reading texts is expensive, and beyond the first pages readers do not notice the difference. */
const TEXTS_MAX = 50

export interface RankRequest {
  slot: Slot
  /** Whether the entries have the tags of tags.ts: otherwise filters compare the rows. */
  isTagged: boolean
  /** The tsquery that candidates must match. */
  match: string
  /** tsqueries of places, searched in this order until there are `candidatesMax` matches (tags.ts); undefined: all at once. */
  slices?: string[]
  candidatesMax: number
  /** The tsquery of all words, for ts_rank. */
  any: string
  /** The words in the typed order, if there are several. */
  phrase?: string
  /** The words with their weights, if an article may lack some of them. */
  parts?: { match: string; weight: number }[]
  coverageMin: number
  filters: Filters
  order: 'relevance' | 'time'
  limit: number
  now: number
}

/** Best first. */
export async function findRanked(db: Db, request: RankRequest): Promise<ArticleId[]> {
  const { slot, match, slices, candidatesMax, any, order, limit, coverageMin, parts } = request
  const table = articleTable(slot)
  // Of conditions that are written separately, GIN skips in one what another excludes. `+ 0`: never by the index of places, which
  // would read all rows.
  const matching = (within: RawBuilder<unknown>) => sql`
    select id, published_at, popularity, title_tokens${parts ? sql`, tokens` : sql``} from ${table}
     where tokens @@ ${match}::tsquery ${within} ${filtered(request)} order by place + 0 desc`
  // The tokens are ranked in this scan: carrying them to a later step would cost more than the rest of the query. A lateral join
  // takes its slices in their order, and none after the limit.
  const newest = slices
    ? sql`select entry.* from unnest(${slices}::text[]) slice (tags)
           cross join lateral (${matching(sql`and tokens @@ slice.tags::tsquery`)}) entry limit ${candidatesMax}`
    : sql`${matching(sql``)} limit ${candidatesMax}`
  const { rows } = await sql<{ ids: ArticleId[] }>`
    with candidate as (
      select id, published_at, ${coverageOf(request)} as coverage, ${titleScore(request)} as by_title, ${boost(request)} as boost from (${newest}) newest
    ),
    first as (
      select id, published_at, boost, coverage, coverage * by_title * boost as score from candidate where coverage >= ${coverageMin}
       order by ${order === 'time' ? sql`published_at desc` : sql`score desc, published_at desc`}, id desc limit ${limit}
    ),
    placed as (
      select *, row_number() over () as place from first
    ),
    ranked as (
      select id, published_at, score + case when place > ${sql.lit(TEXTS_MAX)} then 0 else coverage * boost * coalesce((
               select ts_rank(${RANK_WEIGHTS}, tokens, ${any}::tsquery) * ${sql.lit(WEIGHTS.bodyWord)} from ${table} text
                where text.id = placed.id and length(tokens) > length(title_tokens) + ${sql.lit(TAGS_COUNT)}), 0) end as score
        from placed
    )
    select coalesce(array_agg(id order by ${order === 'time' ? sql`published_at desc` : sql`score desc, published_at desc`}, id desc), '{}') as ids from ranked`.execute(
    db,
  )
  return rows[0]?.ids ?? []
}

/** The parts of one article's score, and whether it matches. */
export async function explainRanked(db: Db, request: RankRequest, id: ArticleId) {
  const { rows } = await sql<Record<'found' | 'coverage' | 'words' | 'proximity' | 'phrase' | 'text' | 'freshness' | 'popularity', number>>`
    select (tokens @@ ${request.match}::tsquery)::int as found, ${coverageOf(request)}::float8 as coverage, ${wordsOf(request)}::float8 as words,
           ${proximity(request)}::float8 as proximity, ${phraseBonus(request)}::float8 as phrase,
           case when length(tokens) > length(title_tokens) + ${sql.lit(TAGS_COUNT)} then ts_rank(${RANK_WEIGHTS}, tokens, ${request.any}::tsquery) * ${sql.lit(WEIGHTS.bodyWord)} else 0 end::float8 as text,
           ${freshness(request)}::float8 as freshness, ${popularity}::float8 as popularity
      from ${articleTable(request.slot)} where id = ${id} and not gone`.execute(db)
  return rows[0]
}

const RANK_WEIGHTS = sql.lit(`{${WEIGHTS.bodyPiece},${WEIGHTS.bodyWord},${WEIGHTS.titlePiece},${WEIGHTS.titleWord}}`)

function coverageOf({ parts }: RankRequest): RawBuilder<unknown> {
  if (!parts) return sql`1.0::float8`
  const total = parts.reduce((sum, part) => sum + part.weight, 0)
  return sql`(${sql.join(
    parts.map(part => sql`(tokens @@ ${part.match}::tsquery)::int * ${part.weight / total}::float8`),
    sql` + `,
  )})`
}

/** The last argument divides by the logarithm of the title's length: a long title says less about each word. */
const wordsOf = ({ any }: RankRequest) => sql`ts_rank(${RANK_WEIGHTS}, title_tokens, ${any}::tsquery, 1)`
/** Only for several words. */
const proximity = ({ match, phrase }: RankRequest) =>
  phrase === undefined ? sql`0` : sql`ts_rank_cd(${RANK_WEIGHTS}, title_tokens, ${match}::tsquery) * ${sql.lit(WEIGHTS.proximity)}`
const phraseBonus = ({ phrase }: RankRequest) =>
  phrase === undefined ? sql`0` : sql`(title_tokens @@ ${phrase}::tsquery)::int * ${sql.lit(WEIGHTS.phrase)}`
const titleScore = (request: RankRequest) => sql`${wordsOf(request)} + ${proximity(request)} + ${phraseBonus(request)}`

const HALF_LIFE_MS = WEIGHTS.freshnessHalfLifeDays * DAY
/** Sixty half-lives are the limit of a float8. */
const freshness = ({ now }: RankRequest) =>
  sql`${sql.lit(WEIGHTS.freshness)} * power(0.5::float8, least(60, greatest(0, ${now}::float8 - extract(epoch from published_at)::float8 * 1000) / ${sql.lit(HALF_LIFE_MS)}::float8))`
const popularity = sql`${sql.lit(WEIGHTS.popularity)} * least(1, ln(1 + greatest(0, popularity)) / ${sql.lit(Math.log(1 + WEIGHTS.popularityReads))}::float8)`
const boost = (request: RankRequest) => sql`(1 + ${freshness(request)} + ${popularity})`

/** By tags, so that a candidate that is read counts. The moments within the first and last day, and blocked authors, are compared. */
function filtered({ filters, isTagged, now }: RankRequest): RawBuilder<unknown> {
  const { channelId, authorId, after, before, withCover, hiddenAuthors } = filters
  const tags = [
    channelId !== undefined && tagQuery('c', channelId),
    authorId !== undefined && tagQuery('a', authorId),
    withCover !== undefined && tagQuery('p', withCover ? 1 : 0),
    (after !== undefined || before !== undefined) && daysQuery(after, before, now),
  ].filter(tag => typeof tag === 'string')
  const conditions = [
    ...(isTagged ? tags.map(tag => sql`tokens @@ ${tag}::tsquery`) : comparisons(filters)),
    after !== undefined && sql`published_at >= to_timestamp(${after / 1000})`,
    before !== undefined && sql`published_at < to_timestamp(${before / 1000})`,
    hiddenAuthors?.length && sql`author_id <> all(${hiddenAuthors}::bigint[])`,
  ].filter(condition => typeof condition === 'object')
  return conditions.length > 0 ? sql`and ${sql.join(conditions, sql` and `)}` : sql``
}

/** What the tags of a channel, an author and pictures say. */
const comparisons = ({ channelId, authorId, withCover }: Filters) => [
  channelId !== undefined && sql`channel_id = ${channelId}`,
  authorId !== undefined && sql`author_id = ${authorId}`,
  withCover !== undefined && sql`(covers > 0) = ${withCover}`,
]

/** An empty tsquery matches nothing. */
function daysQuery(after: number | undefined, before: number | undefined, now: number): string {
  const largest = DAYS.sizes.at(-1) as number
  const end = (Math.floor(dayOf(now) / largest) + 2) * largest
  return rangeQuery(DAYS, after === undefined ? 0 : dayOf(after), Math.min(end, before === undefined ? end : dayOf(before) + 1)) ?? ''
}
