// A recommender in another process, behind the same type as one in this process.

import { create } from '@bufbuild/protobuf'
import * as grpc from '@grpc/grpc-js'
import type { ArticleId } from '../../base/id.ts'
import { invalid, unavailable } from '../../base/problem.ts'
import {
  COUNT_MAX,
  PINNED_SHOWN_MAX,
  type RecommendedItem,
  type Recommender,
  type RecommendRequest,
  type RecommendResponse,
} from '../contract.ts'
import { createConnection } from './connection.ts'
import { type Article, type ArticleResponse, UserRequestSchema } from './gen/reco_pb.ts'
import { DEVICE_HEADER, KEY_HEADER } from './legacy.ts'

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
      const { viewer, channelId, count, cursor, withPinned = false } = request
      if (channelId < 0 || count < 1 || count > COUNT_MAX || !Number.isSafeInteger(cursor) || cursor < 0)
        throw invalid('the request to the recommender is out of bounds')
      const userId = viewer.kind === 'reader' ? viewer.id.toString() : ''
      const message = create(UserRequestSchema, { userId, channelId, articleNum: count, timeStamp: BigInt(cursor), withPinned })
      return validateResponse(await connection.call(message, headersOf(request, key)), count)
    },
    close: () => connection.close(),
  }
}

function headersOf({ viewer }: RecommendRequest, key: string | undefined): grpc.Metadata {
  const headers = new grpc.Metadata()
  if (key !== undefined) headers.set(KEY_HEADER, key)
  if (viewer.kind === 'device') headers.set(DEVICE_HEADER, viewer.id)
  return headers
}

/** The recommender may be of other make: checks every field, and takes each article once. */
function validateResponse({ exposure, timeStamp, recommends, pinned }: ArticleResponse, count: number): RecommendResponse {
  if (recommends.length > count || pinned.length > PINNED_SHOWN_MAX || timeStamp < 0n || timeStamp > BigInt(Number.MAX_SAFE_INTEGER))
    throw invalidResponse()
  return { exposureToken: exposure, nextCursor: Number(timeStamp), pinned: toItems(pinned), items: toItems(recommends) }
}

function toItems(articles: Article[]): RecommendedItem[] {
  const items = new Map<ArticleId, RecommendedItem>()
  for (const { articleId, track } of articles) {
    if (articleId <= 0n) throw invalidResponse()
    const { click = '', collect = '', share = '', read = '' } = track ?? {}
    const id = articleId as ArticleId
    if (!items.has(id)) items.set(id, { articleId: id, tokens: { click, collect, share, read } })
  }
  return [...items.values()]
}

const invalidResponse = () => unavailable('the recommender gave an invalid answer')
