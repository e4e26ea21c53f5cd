// The site's statistics, as the contract's admin API names them.

import { type Clock, DAY } from '../../base/clock.ts'
import { forbidden } from '../../base/problem.ts'
import type { Db } from '../../engines/database/database.ts'
import type { OffsetLimit } from '../../http/paging.ts'
import { countAll, countByTime, countReadSources, listKeywords, readSearchTotals, type SiteFigure } from './site-statistics.sql.ts'
import { MS_PER_CHARACTER, READING_MIN_MS } from './statistics.ts'

export type SiteStatistics = ReturnType<typeof createSiteStatistics>

const DATE = /^\d{4}-\d\d-\d\d$/
const DAYS_MAX = 400 // a year to compare with
const HOUR_DAYS_MAX = 31
const BAD_DATES = '(begin or end) parameter error.'
const WEEK = 7
/** By the contract's numbers. Nothing tells of related articles, or of places outside. */
const SOURCE_NAMES = ['其他', '推荐', '频道', '相关文章', '站外']

export interface SiteStatisticsNeeds {
  db: Db
  clock: Clock
  zone: string
  localTime: (at: Date) => string
}

export function createSiteStatistics({ db, clock, zone, localTime }: SiteStatisticsNeeds) {
  const addDays = (day: string, days: number) => new Date(Date.parse(`${day}T00:00Z`) + days * DAY).toISOString().slice(0, 10)
  const today = () => localTime(new Date(clock())).slice(0, 10)

  /** `end` is included in a request, and excluded in the result. */
  function parseDates(begin = '', end = '', daysMax: number): { begin: string; end: string } {
    const exists = (day: string) => DATE.test(day) && !Number.isNaN(Date.parse(`${day}T00:00Z`)) && addDays(day, 0) === day
    if (!exists(begin) || !exists(end) || begin > end || addDays(begin, daysMax) <= end) throw forbidden(BAD_DATES)
    return { begin, end: addDays(end, 1) }
  }

  return {
    /** The figure's totals and trends. Percentages compare with the time before; if that is 0, with 1. */
    async overview(figure: SiteFigure) {
      const end = addDays(today(), 1)
      const [days, { total, days: totalDays }] = await Promise.all([
        countByTime(db, figure, { unit: 'day', begin: addDays(end, -2 * WEEK), end, zone }),
        countAll(db, figure, zone),
      ])
      const counts = days.map(day => day.count)
      const sum = (numbers: number[]) => numbers.reduce((so, each) => so + each, 0)
      const [dayCount = 0, yesterday = 0] = counts.toReversed()
      return {
        day_count: dayCount,
        week_percent: percent(sum(counts.slice(WEEK)), sum(counts.slice(0, WEEK))),
        day_percent: percent(dayCount, yesterday),
        day_average: totalDays === 0 ? 0 : rounded(total / totalDays),
        total_days: totalDays,
        total_count: total,
      }
    },

    /** The months of this year. */
    async byMonth(figure: SiteFigure): Promise<{ month: number; count: number }[]> {
      const year = today().slice(0, 4)
      const days = await countByTime(db, figure, { unit: 'day', begin: `${year}-01-01`, end: `${Number(year) + 1}-01-01`, zone })
      const months = Array.from({ length: 12 }, (_, i) => ({ month: i + 1, count: 0 }))
      for (const { bucket, count } of days) (months[Number(bucket.slice(5, 7)) - 1] as { count: number }).count += count
      return months
    },

    async byDay(figure: SiteFigure, begin?: string, end?: string): Promise<{ date: string; count: number }[]> {
      const days = await countByTime(db, figure, { unit: 'day', ...parseDates(begin, end, DAYS_MAX), zone })
      return days.map(({ bucket, count }) => ({ date: bucket.slice(0, 10), count }))
    },

    async byHour(figure: SiteFigure, begin?: string, end?: string): Promise<{ date_time: string; count: number }[]> {
      const hours = await countByTime(db, figure, { unit: 'hour', ...parseDates(begin, end, HOUR_DAYS_MAX), zone })
      return hours.map(({ bucket, count }) => ({ date_time: bucket, count }))
    },

    async keywords(page: OffsetLimit) {
      const { rows, total } = await listKeywords(db, page)
      const keywords = rows.map(({ before, ...row }) => ({ ...row, week_percent: percent(row.user_count, before) }))
      return { keywords, total_count: total }
    },

    searchTotals: () => readSearchTotals(db),

    async readSources() {
      const rows = await countReadSources(db, { msPerCharacter: MS_PER_CHARACTER, minMs: READING_MIN_MS })
      const read_sources = SOURCE_NAMES.map((source_name, source) => ({
        source,
        source_name,
        count: 0,
        count_20_down: 0,
        count_20_80: 0,
        count_80_up: 0,
        ...rows.find(row => row.source === source),
      }))
      return { read_sources, total_read_count: rows.reduce((sum, row) => sum + row.count, 0) }
    },
  }
}

const rounded = (value: number) => Math.round(value * 100) / 100
const percent = (now: number, before: number) => rounded(((now - before) / (before || 1)) * 100)
