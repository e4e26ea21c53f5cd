// Lists of the admin API. They have no echo of the page: a named array and `total_count`.

import { type TSchema, Type } from 'typebox'
import { parseIsoTime } from '../base/iso-time.ts'
import { invalid } from '../base/problem.ts'
import type { OffsetLimit } from './paging.ts'
import { Count, Int, Optional, RawTypedText, Text } from './wire.ts'

const PAGE_MAX = 2 ** 31 - 1 // times 50 still an exact integer
const PER_PAGE = 20
const DATE_MAX = 40 // longer than any date
export const KEYWORD_MAX = 50

/** `order_by`: rows are ordered by when they were created. `-id`, or `id desc`, lists the newest first. */
export const AdminListQuery = {
  page: Optional(Int(1, PAGE_MAX)),
  per_page: Optional(Int(10, 50)),
  order_by: Optional(Type.String({ maxLength: 50, pattern: '^$|^-?[a-z_.]+( (asc|desc|ASC|DESC))?$', refusal: 'Invalid order_by param.' })),
}
export const KeywordQuery = { keyword: Optional(RawTypedText(KEYWORD_MAX)) }
export const DatesQuery = { begin: Optional(Text(0, DATE_MAX)), end: Optional(Text(0, DATE_MAX)) }

export interface AdminListParams {
  page?: number
  per_page?: number
  order_by?: string
}

export interface AdminPage extends OffsetLimit {
  newestFirst: boolean
}

export function toAdminPage({ page = 1, per_page = PER_PAGE, order_by = '' }: AdminListParams): AdminPage {
  return { offset: (page - 1) * per_page, limit: per_page, newestFirst: order_by.startsWith('-') || /desc$/i.test(order_by) }
}

export const AdminListSchema = <N extends string, T extends TSchema>(name: N, item: T) =>
  Type.Object({ [name]: Type.Array(item), total_count: Count() } as { [K in N]: ReturnType<typeof Type.Array<T>> } & {
    total_count: ReturnType<typeof Count>
  })

/** Milliseconds since 1970; `before` is excluded. Undefined: no bound. */
export interface DateRange {
  since?: number
  before?: number
}

/** The end is included: the whole day, or the whole second. */
export function toDateRange({ begin, end }: { begin?: string; end?: string }, localTime: (at: Date) => string): DateRange {
  const parse = (text: string | undefined) => {
    if (!text) return undefined
    const time = parseIsoTime(text, localTime)
    if (!time) throw invalid('(begin or end) parameter error.')
    return time
  }
  const [first, last] = [parse(begin), parse(end)]
  return { since: first?.at, before: last && last.at + (last.isDay ? 86_400_000 : 1_000) }
}
