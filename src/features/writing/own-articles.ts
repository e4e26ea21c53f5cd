// The studio's lists: what a creator has written, with counts.

import { ARTICLE_STATUS, LISTED_STATUSES } from '../../base/article-status.ts'
import { DAY, SECOND } from '../../base/clock.ts'
import type { ChannelId, ReaderId } from '../../base/id.ts'
import { parseIsoTime } from '../../base/iso-time.ts'
import { invalid } from '../../base/problem.ts'
import { normalizeLine } from '../../base/text.ts'
import type { Counters } from '../../engines/counters/counters.ts'
import type { Db } from '../../engines/database/database.ts'
import { type PagingParams, toOffsetLimit, toPagedResponse } from '../../http/paging.ts'
import { listOwnArticles, type OwnArticleRow } from './own-articles.sql.ts'

export type OwnArticles = ReturnType<typeof createOwnArticles>

export interface Needs {
  db: Db
  counters: Counters
  absoluteUrl: (path: string) => string
  localTime: (at: Date) => string
}

export interface OwnArticlesQuery extends PagingParams {
  /** One value or several; -1 and a missing value mean all. */
  status?: string | string[]
  channel_id?: string | string[]
  begin_pubdate?: string
  end_pubdate?: string
  /** `comment` and `statistic` list published articles only. */
  response_type?: string
  q?: string
}

const KINDS = ['article.comments', 'article.reads', 'article.likes', 'article.shares', 'article.collections'] as const
const ALL = -1
/** As long as the longest title. */
export const QUERY_MAX = 256
/** A client that repeats a parameter more often is broken. */
const VALUES_MAX = 50

export function createOwnArticles({ db, counters, absoluteUrl, localTime }: Needs) {
  /** Undefined if the client gave none. */
  function parsePubdate(text: string | undefined) {
    if (text === undefined || text === '') return undefined
    const time = parseIsoTime(text, localTime)
    if (!time) throw invalid('Invalid pubdate param.')
    return time
  }

  /** The end is included: the whole second, or the whole day. Some calendars of clients send a day as its midnight. */
  function parsePeriod({ begin_pubdate, end_pubdate }: OwnArticlesQuery) {
    const begin = parsePubdate(begin_pubdate)
    const end = parsePubdate(end_pubdate)
    const isDay = end && (end.isDay || localTime(new Date(end.at)).endsWith('T00:00:00'))
    return { since: begin?.at, before: end && end.at + (isDay ? DAY : SECOND) }
  }

  return {
    parsePeriod,

    async list(authorId: ReaderId, query: OwnArticlesQuery, listTime: (at: Date) => string) {
      const onlyPublished = query.response_type === 'comment' || query.response_type === 'statistic'
      const statuses = onlyPublished ? [ARTICLE_STATUS.published] : statusesOf(query.status)
      const channelIds: ChannelId[] | undefined = integersOf('channel_id', query.channel_id)
      const { total, rows } = await listOwnArticles(
        db,
        { authorId, statuses, channelIds, title: query.q && normalizeLine('q', query.q, QUERY_MAX), ...parsePeriod(query) },
        toOffsetLimit(query),
      )
      const viewer = { kind: 'reader', id: authorId } as const
      const count = await counters.read(
        KINDS,
        rows.map(row => row.id),
        viewer,
      )
      const toItem = (row: OwnArticleRow) => ({
        id: row.id,
        title: row.title,
        status: row.status,
        cover: { type: row.cover.length as 0 | 1 | 3, images: row.cover.map(absoluteUrl) },
        channel_id: row.channel_id,
        pubdate: listTime(row.published_at),
        publish_at: row.publish_at && listTime(row.publish_at),
        reject_reason: row.reject_reason,
        comment_status: row.allow_comment,
        total_comment_count: count(row.id, 'article.comments'),
        fans_comment_count: row.fans_comment_count,
        comment_count: count(row.id, 'article.comments'),
        read_count: count(row.id, 'article.reads'),
        like_count: count(row.id, 'article.likes'),
        repost_count: count(row.id, 'article.shares'),
        collect_count: count(row.id, 'article.collections'),
      })
      return toPagedResponse(query, total, rows.map(toItem))
    },
  }
}

/** An unknown status is no error: the list is empty. */
function statusesOf(given: string | string[] | undefined): readonly number[] {
  const wanted = integersOf('status', given)
  if (!wanted || wanted.includes(ALL)) return LISTED_STATUSES
  return LISTED_STATUSES.filter(status => wanted.includes(status))
}

/** Undefined if the client gave none. */
function integersOf(field: string, given: string | string[] | undefined): number[] | undefined {
  const texts = [given ?? []].flat().filter(text => text !== '')
  if (texts.length === 0) return undefined
  if (texts.length > VALUES_MAX || texts.some(text => !/^-?\d{1,9}$/.test(text))) throw invalid(`Invalid ${field} param.`)
  return texts.map(Number)
}
