// A recommender in another process, behind the same type as one in this process.

import { create } from '@bufbuild/protobuf'
import * as grpc from '@grpc/grpc-js'
import type { ArticleId } from '../../base/id.ts'
import { invalid, unavailable } from '../../base/problem.ts'
import { COUNT_MAX, type RecommendedItem, type Recommender, type RecommendRequest, type RecommendResponse } from '../contract.ts'
import { createConnection } from './connection.ts'
import { type ArticleResponse, UserRequestSchema } from './gen/reco_pb.ts'
import { DEPRIORITIZE_HEADER, DEVICE_HEADER, EXCLUDE_HEADER, FIRST_PAGE_HEADER, KEY_HEADER } from './legacy.ts'

export interface RemoteRecommender extends Recommender {
  close(): void
}

export interface RemoteRecommenderNeeds {
  /** host:port. */
  address: string
  key?: string
  deadlineMs: number
  /** Milliseconds that never go back. */
  monotonic?: () => number
}

export function createRemoteRecommender({
  address,
  key,
  deadlineMs,
  monotonic = () => performance.now(),
}: RemoteRecommenderNeeds): RemoteRecommender {
  const connection = createConnection({ address, deadlineMs, monotonic })
  return {
    async recommend(request) {
      const { viewer, channelId, count, cursor } = request
      if (channelId < 0 || count < 1 || count > COUNT_MAX || !Number.isSafeInteger(cursor) || cursor < 0)
        throw invalid('the request to the recommender is out of bounds')
      const userId = viewer.kind === 'reader' ? viewer.id.toString() : ''
      const message = create(UserRequestSchema, { userId, channelId, articleNum: count, timeStamp: BigInt(cursor) })
      const { response, headers } = await connection.call(message, headersOf(request, key))
      const [firstPage] = headers?.get(FIRST_PAGE_HEADER) ?? []
      return { ...validateResponse(response, count), isFirstPage: firstPage === undefined ? undefined : firstPage === '1' }
    },
    close: () => connection.close(),
  }
}

function headersOf({ viewer, excludeIds = [], deprioritizedIds = [] }: RecommendRequest, key: string | undefined): grpc.Metadata {
  const headers = new grpc.Metadata()
  if (key !== undefined) headers.set(KEY_HEADER, key)
  if (viewer.kind === 'device') headers.set(DEVICE_HEADER, viewer.id)
  if (excludeIds.length > 0) headers.set(EXCLUDE_HEADER, excludeIds.join(','))
  if (deprioritizedIds.length > 0) headers.set(DEPRIORITIZE_HEADER, deprioritizedIds.join(','))
  return headers
}

/** The recommender may be of other make: checks every field, and takes each article once. */
function validateResponse({ exposure, timeStamp, recommends }: ArticleResponse, count: number): RecommendResponse {
  if (recommends.length > count || timeStamp < 0n || timeStamp > BigInt(Number.MAX_SAFE_INTEGER)) throw invalidResponse()
  const items = new Map<ArticleId, RecommendedItem>()
  for (const { articleId, track } of recommends) {
    if (articleId <= 0n) throw invalidResponse()
    const { click = '', collect = '', share = '', read = '' } = track ?? {}
    const id = articleId as ArticleId
    if (!items.has(id)) items.set(id, { articleId: id, tokens: { click, collect, share, read } })
  }
  return { exposureToken: exposure, nextCursor: Number(timeStamp), items: [...items.values()] }
}

const invalidResponse = () => unavailable('the recommender gave an invalid answer')
