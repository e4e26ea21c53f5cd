import { type Static, Type } from 'typebox'
import { Count } from '../../http/wire.ts'

export const SiteOverview = Type.Object({
  day_count: Count(),
  week_percent: Type.Number(),
  day_percent: Type.Number(),
  day_average: Type.Number(),
  total_days: Count(),
  total_count: Count(),
})

export const SiteSeries = Type.Array(
  Type.Object({
    month: Type.Optional(Type.Integer()),
    date: Type.Optional(Type.String()),
    date_time: Type.Optional(Type.String()),
    count: Count(),
  }),
)

export const SearchedKeyword = Type.Object({ keyword: Type.String(), user_count: Count(), week_percent: Type.Number() })

export const SearchTotals = Type.Object({ search_user_count: Count(), count: Count(), user_count: Count() })

export const ReadSources = Type.Object({
  read_sources: Type.Array(
    Type.Object({
      source: Count(),
      source_name: Type.String(),
      count: Count(),
      count_20_down: Count(),
      count_20_80: Count(),
      count_80_up: Count(),
    }),
  ),
  total_read_count: Count(),
})

export type SiteOverview = Static<typeof SiteOverview>
export type SiteSeries = Static<typeof SiteSeries>
export type SearchedKeyword = Static<typeof SearchedKeyword>
export type SearchTotals = Static<typeof SearchTotals>
export type ReadSources = Static<typeof ReadSources>
