import { Type } from 'typebox'
import { AdminListQuery, AdminListSchema, toAdminPage } from '../../http/admin-lists.ts'
import type { Routes } from '../../http/routes.ts'
import { Count, Envelope, Optional, Text } from '../../http/wire.ts'
import { ReadSources, SearchedKeyword, SearchTotals, SiteOverview, SiteSeries } from './site-statistics.schema.ts'
import { SITE_FIGURES } from './site-statistics.sql.ts'
import type { SiteStatistics } from './site-statistics.ts'

const DATE_MAX = 40 // longer than any date
const BasicQuery = Type.Object({
  type: Type.Enum([...SITE_FIGURES]),
  size: Optional(Type.Enum(['', 'month', 'day', 'hour'])),
  begin: Optional(Text(0, DATE_MAX)),
  end: Optional(Text(0, DATE_MAX)),
})
const Basic = Type.Unsafe<object>({ anyOf: [SiteSeries, SiteOverview] })
const Sales = Type.Object({
  area_sales: Type.Array(Type.Object({ area: Count(), area_name: Type.String(), money: Count() })),
  total_money: Count(),
})
/** Nothing is sold here. */
const NO_SALES = {
  area_sales: ['其他', '北京', '上海', '深圳', '广州', '杭州'].map((area_name, area) => ({ area, area_name, money: 0 })),
  total_money: 0,
}

export const siteStatisticsRoutes =
  (statistics: SiteStatistics): Routes =>
  async server => {
    server.get(
      '/statistics_basic',
      {
        config: { access: 'admin', permission: 'statistics-basic-get' },
        schema: { querystring: BasicQuery, response: { 200: Envelope(Basic) } },
      },
      async ({ query: { type, size, begin, end } }) => {
        if (size === 'month') return { message: 'OK' as const, data: await statistics.byMonth(type) }
        if (size === 'day') return { message: 'OK' as const, data: await statistics.byDay(type, begin, end) }
        if (size === 'hour') return { message: 'OK' as const, data: await statistics.byHour(type, begin, end) }
        return { message: 'OK' as const, data: await statistics.overview(type) }
      },
    )

    server.get(
      '/statistics_search',
      {
        config: { access: 'admin', permission: 'statistics-search-get' },
        schema: { querystring: Type.Object(AdminListQuery), response: { 200: Envelope(AdminListSchema('keywords', SearchedKeyword)) } },
      },
      async ({ query }) => ({ message: 'OK' as const, data: await statistics.keywords(toAdminPage(query)) }),
    )

    server.get(
      '/statistics_search_total',
      { config: { access: 'admin', permission: 'statistics-search-total-get' }, schema: { response: { 200: Envelope(SearchTotals) } } },
      async () => ({ message: 'OK' as const, data: await statistics.searchTotals() }),
    )

    server.get(
      '/statistics_sales_total',
      { config: { access: 'admin', permission: 'statistics-sales-total-get' }, schema: { response: { 200: Envelope(Sales) } } },
      async () => ({ message: 'OK' as const, data: NO_SALES }),
    )

    server.get(
      '/statistics_read_source_total',
      { config: { access: 'admin', permission: 'statistics-read-source-total-get' }, schema: { response: { 200: Envelope(ReadSources) } } },
      async () => ({ message: 'OK' as const, data: await statistics.readSources() }),
    )
  }
