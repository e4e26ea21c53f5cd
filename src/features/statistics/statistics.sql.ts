// Figures of a creator, from the rows that are also counted: without a period they equal the public counts.

import { type RawBuilder, sql } from 'kysely'
import { LISTED_STATUSES } from '../../base/article-status.ts'
import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'

/** Milliseconds since 1970; `before` is excluded. Undefined: no bound. */
export interface Period {
  since?: number
  before?: number
}

const within = (column: RawBuilder<unknown>, { since, before }: Period) =>
  sql`${since === undefined ? sql`true` : sql`${column} >= to_timestamp(${since / 1_000})`}
  and ${before === undefined ? sql`true` : sql`${column} < to_timestamp(${before / 1_000})`}`

export interface ArticleTotals {
  reads: number
  comments: number
  collections: number
  shares: number
}

/** What happened within the period to the author's listed articles, of one channel or of all. */
export async function sumArticles(db: Db, authorId: ReaderId, channelId: ChannelId | undefined, period: Period): Promise<ArticleTotals> {
  const { rows } = await sql<ArticleTotals>`
    with own as materialized (
      select id from article where author_id = ${authorId} and status = any(${LISTED_STATUSES}::smallint[]) and (${channelId ?? null}::int is null or channel_id = ${channelId ?? null})
    )
    select (select coalesce(sum(behaviours), 0)::int from behaviour_figure join own on own.id = article_id where action = 'click' and ${within(sql`at`, period)}) as reads,
           (select coalesce(sum(behaviours), 0)::int from behaviour_figure join own on own.id = article_id where action = 'share' and ${within(sql`at`, period)}) as shares,
           (select count(*)::int from comment join own on own.id = article_id where comment.status = 1 and ${within(sql`created_at`, period)}) as comments,
           (select count(*)::int from collection join own on own.id = article_id where ${within(sql`at`, period)}) as collections`.execute(
    db,
  )
  return rows[0] as ArticleTotals
}

export interface ArticleFigures {
  exposures: number
  reads: number
  fansReads: number
  comments: number
  fromRecommended: number
  fromChannels: number
  /** Of the readings whose duration a client reported, in milliseconds. 0 if there are none. */
  averageMs: number
  /** The average part of the text that they took, 0 to 1, and how many took less than a fifth, up to four fifths, and more. */
  averagePart: number
  few: number
  some: number
  most: number
}

/** Undefined if the author has no such article. */
export async function findListedText(
  db: Db,
  { authorId, id }: { authorId: ReaderId; id: ArticleId },
): Promise<{ html: string } | undefined> {
  const { rows } = await sql<{ html: string }>`
    select coalesce(html, '') as html from article left join article_content on article_id = article.id
     where article.id = ${id} and author_id = ${authorId} and status = any(${LISTED_STATUSES}::smallint[])`.execute(db)
  return rows[0]
}

/** `neededMs`: what reading the whole text takes. */
export async function readArticleFigures(db: Db, id: ArticleId, neededMs: number, period: Period): Promise<ArticleFigures> {
  const at = within(sql`at`, period)
  const { rows } = await sql<ArticleFigures>`
    select figure.*, reading.*,
           (select count(*)::int from behaviour where behaviour.article_id = article.id and action = 'click' and ${at} and exists (
              select from following where creator_id = article.author_id and viewer = 'r' || following.reader_id)) as "fansReads",
           (select count(*)::int from comment where comment.article_id = article.id and comment.status = 1 and ${within(sql`created_at`, period)}) as comments
      from article
      cross join lateral (
        select coalesce(avg(dwell_ms), 0)::float as "averageMs", coalesce(avg(part), 0)::float as "averagePart",
               count(*) filter (where part < 0.2)::int as few, count(*) filter (where part between 0.2 and 0.8)::int as some,
               count(*) filter (where part > 0.8)::int as most
          from (select dwell_ms, least(1, dwell_ms / ${neededMs}::float) as part from behaviour
                 where behaviour.article_id = article.id and action = 'read' and dwell_ms is not null and ${at}) each
      ) reading
      cross join lateral (
        select coalesce(sum(behaviours) filter (where action = 'exposure'), 0)::int as exposures,
               coalesce(sum(behaviours) filter (where action = 'click'), 0)::int as reads,
               coalesce(sum(behaviours) filter (where action = 'click' and from_channel = 0), 0)::int as "fromRecommended",
               coalesce(sum(behaviours) filter (where action = 'click' and from_channel > 0), 0)::int as "fromChannels"
          from behaviour_figure where behaviour_figure.article_id = article.id and ${at}
      ) figure
     where article.id = ${id}`.execute(db)
  return rows[0] as ArticleFigures
}

export interface FollowerFigures {
  male: number
  female: number
  le18: number
  le23: number
  le30: number
  le40: number
  le50: number
  gt50: number
  ios: number
  android: number
}

/** Followers whose gender, birthday or phone is not known are in none of these. The phone is that of the newest session. */
export async function countFollowers(db: Db, creatorId: ReaderId): Promise<FollowerFigures> {
  const { rows } = await sql<FollowerFigures>`
    select count(*) filter (where gender = 0)::int as male, count(*) filter (where gender = 1)::int as female,
           count(*) filter (where age <= 18)::int as le18, count(*) filter (where age between 19 and 23)::int as le23,
           count(*) filter (where age between 24 and 30)::int as le30, count(*) filter (where age between 31 and 40)::int as le40,
           count(*) filter (where age between 41 and 50)::int as le50, count(*) filter (where age > 50)::int as gt50,
           count(*) filter (where agent ~ 'iPhone|iPad|iOS')::int as ios, count(*) filter (where agent ~ 'Android')::int as android
      from (select reader.id, gender, date_part('year', age(birthday)) as age from following join reader on reader.id = following.reader_id
             where creator_id = ${creatorId}) follower
      left join lateral (select agent from session where session.reader_id = follower.id order by session.id desc limit 1) phone on true`.execute(
    db,
  )
  return rows[0] as FollowerFigures
}
