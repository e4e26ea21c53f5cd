import { Type } from 'typebox'
import type { ArticleId } from '../../base/id.ts'
import { readerOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Count, Envelope, Id, Int, Optional, Text } from '../../http/wire.ts'
import type { Period } from './statistics.sql.ts'
import type { Statistics } from './statistics.ts'

const DATE_MAX = 40 // longer than any date
const CHANNEL_MAX = 2 ** 31 - 1
const PeriodQuery = { begin_pubdate: Optional(Text(0, DATE_MAX)), end_pubdate: Optional(Text(0, DATE_MAX)) }
const ArticlesQuery = Type.Object({ ...PeriodQuery, channel_id: Optional(Int(0, CHANNEL_MAX)) })
const ArticleQuery = Type.Object(PeriodQuery)
const Params = Type.Object({ id: Id<ArticleId>() })

const Counts = (...names: string[]) => Type.Object(Object.fromEntries(names.map(name => [name, Count()])))
const Gender = Counts('male', 'female')
const Followers = Type.Object({
  gender: Gender,
  age: Counts('le18', 'le23', 'le30', 'le40', 'le50', 'gt50'),
  device: Counts('ios', 'android'),
})
const Totals = Counts('read_count', 'comment_count', 'collect_count', 'repost_count')
const Figures = Type.Object({
  avg_read_proc: Type.Number(),
  bounce_rate: Type.Number(),
  time_spent: Type.Number(),
  conversion: Counts('reco_count', 'read_count', 'fans_read_count', 'comment_count'),
  origin: Counts('recommend', 'channel', 'relation', 'outter', 'other'),
  completed: Counts('gt80', 'lt80', 'lt20'),
})

export interface StatisticsRoutesNeeds {
  statistics: Statistics
  parsePeriod: (query: { begin_pubdate?: string; end_pubdate?: string }) => Period
  access: 'studio' | 'login'
}

export const statisticsRoutes =
  ({ statistics, parsePeriod, access }: StatisticsRoutesNeeds): Routes =>
  async server => {
    const config = { access }
    server.get('/statistics/followers/gender', { config, schema: { response: { 200: Envelope(Gender) } } }, async request => ({
      message: 'OK' as const,
      data: (await statistics.followers(readerOf(request))).gender,
    }))
    server.get('/statistics/followers', { config, schema: { response: { 200: Envelope(Followers) } } }, async request => ({
      message: 'OK' as const,
      data: await statistics.followers(readerOf(request)),
    }))
    server.get(
      '/statistics/articles',
      { config: { access, refuses: ['invalid'] }, schema: { querystring: ArticlesQuery, response: { 200: Envelope(Totals) } } },
      async request => {
        const { channel_id: channelId, ...dates } = request.query
        return { message: 'OK' as const, data: await statistics.articles(readerOf(request), channelId || undefined, parsePeriod(dates)) }
      },
    )
    server.get(
      '/statistics/articles/:id',
      {
        config: { access, refuses: ['invalid'] },
        schema: { params: Params, querystring: ArticleQuery, response: { 200: Envelope(Figures) } },
      },
      async request => ({
        message: 'OK' as const,
        data: await statistics.article(readerOf(request), request.params.id, parsePeriod(request.query)),
      }),
    )
  }
