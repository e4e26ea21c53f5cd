// Lists with numbered pages, as the contract has them: `page` and `per_page` in, `total_count` and `results` out.

import { type TSchema, Type } from 'typebox'
import { Count, Int, Optional } from './wire.ts'

const PAGE_MAX = 2 ** 31 - 1 // times 50 still an exact integer
const PER_PAGE = 10

/** Query fields. Some clients also send `perPage`; it is ignored. */
export const PagingQuery = { page: Optional(Int(1, PAGE_MAX)), per_page: Optional(Int(10, 50)) }

export const PagedSchema = <T extends TSchema>(item: T) =>
  Type.Object({ total_count: Count(), page: Type.Integer(), per_page: Type.Integer(), results: Type.Array(item) })

export interface OffsetLimit {
  offset: number
  limit: number
}

export interface PagingParams {
  page?: number
  per_page?: number
}

export function toOffsetLimit({ page = 1, per_page = PER_PAGE }: PagingParams): OffsetLimit {
  return { offset: (page - 1) * per_page, limit: per_page }
}

/** `total`: the length of the whole list. */
export function toPagedResponse<T>({ page = 1, per_page = PER_PAGE }: PagingParams, total: number, results: T[]) {
  return { total_count: total, page, per_page, results }
}
