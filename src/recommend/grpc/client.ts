// The recommender as the feed calls it when it lives in another process: the same type as the one in this process.

import { create } from '@bufbuild/protobuf'
import * as grpc from '@grpc/grpc-js'
import { MINUTE } from '../../base/clock.ts'
import type { ArticleId } from '../../base/id.ts'
import { invalid, Problem, unavailable } from '../../base/problem.ts'
import { COUNT_MAX, type Recommender, type RecommendRequest, type RecommendResponse } from '../contract.ts'
import { type ArticleResponse, type UserRequest, UserRequestSchema } from './gen/reco_pb.ts'
import { BEGINS_HEADER, BESIDES_HEADER, DEVICE_HEADER, KEY_HEADER, LAST_HEADER, USER_RECOMMEND } from './server.ts'

export interface RemoteRecommender extends Recommender {
  close(): void
}

// Ten articles with their traces take some 4 kB; a hundred 40.
const ANSWER_BYTES_MAX = 256 * 1024

/**
 * Whoever answers nothing for so long gets a new connection: a network that swallows everything is noticed by TCP only
 * after a quarter of an hour, and the library waits without end for a server that accepts and never greets. Another
 * connection costs one that is merely slow next to nothing. But the library never lets go of one that waits for its
 * greeting, so each that brings no answer either doubles the time to the next.
 */
const SILENT_MS = 1_000
const SILENT_MOST_MS = MINUTE

export interface Remote {
  address: string
  key?: string
  deadlineMs: number
  /** Milliseconds, never going back. */
  monotonic?: () => number
}

export function createRemoteRecommender({ address, key, deadlineMs, monotonic = () => performance.now() }: Remote): RemoteRecommender {
  let client = connect(address)
  /** Since when its calls have gone unanswered, by the first of them. */
  let silentSince: number | undefined
  let patience = SILENT_MS

  async function ask(request: UserRequest, metadata: grpc.Metadata): Promise<Called> {
    const [asked, began] = [client, monotonic()]
    try {
      const called = await call(asked, request, metadata, deadlineMs)
      silentSince = undefined
      patience = SILENT_MS
      return called
    } catch (err) {
      // After we stood still ourselves, many calls of a connection that is given up already fail at once.
      if (asked === client) unanswered(err, began)
      throw err
    }
  }

  function unanswered(err: unknown, began: number): void {
    if (!(err instanceof Problem && err.kind === 'too-slow')) silentSince = undefined
    else if (silentSince === undefined) silentSince = began
    else if (monotonic() - silentSince > patience) {
      client.close()
      client = connect(address)
      silentSince = undefined
      patience = Math.min(2 * patience, SILENT_MOST_MS)
    }
  }

  return {
    async recommend({
      viewer,
      channelId,
      count,
      cursor: stamp,
      excludeIds: besides = [],
      deprioritizedIds: last = [],
    }: RecommendRequest): Promise<RecommendResponse> {
      if (channelId < 0 || count < 1 || count > COUNT_MAX || !Number.isSafeInteger(stamp) || stamp < 0)
        throw invalid('the recommender is asked for what is out of its bounds')
      const metadata = new grpc.Metadata()
      if (key !== undefined) metadata.set(KEY_HEADER, key)
      if (viewer.kind === 'device') metadata.set(DEVICE_HEADER, viewer.id)
      if (besides.length > 0) metadata.set(BESIDES_HEADER, besides.join(','))
      if (last.length > 0) metadata.set(LAST_HEADER, last.join(','))
      const userId = viewer.kind === 'reader' ? viewer.id.toString() : ''
      const request = create(UserRequestSchema, { userId, channelId, articleNum: count, timeStamp: BigInt(stamp) })
      const { response, headers } = await ask(request, metadata)
      const [begins] = headers?.get(BEGINS_HEADER) ?? []
      return { ...answerOf(response, count), isFirstPage: begins === undefined ? undefined : begins === '1' }
    },
    close: () => client.close(),
  }
}

function connect(address: string): grpc.Client {
  return new grpc.Client(address, grpc.credentials.createInsecure(), {
    'grpc.max_receive_message_length': ANSWER_BYTES_MAX,
    // The defaults wait up to two minutes before they look whether a restarted server is back.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1_000,
    // Otherwise a new client is given the connection of the one before.
    'grpc.use_local_subchannel_pool': 1,
  })
}

interface Called {
  response: ArticleResponse
  headers: grpc.Metadata | undefined
}

function call(client: grpc.Client, request: UserRequest, metadata: grpc.Metadata, deadlineMs: number): Promise<Called> {
  return new Promise((resolve, reject) => {
    let headers: grpc.Metadata | undefined
    client
      .makeUnaryRequest(
        USER_RECOMMEND.path,
        USER_RECOMMEND.requestSerialize,
        USER_RECOMMEND.responseDeserialize,
        request,
        metadata,
        { deadline: Date.now() + deadlineMs },
        (err, response) => (err ? reject(problemOf(err)) : resolve({ response: response as ArticleResponse, headers })),
      )
      .on('metadata', first => {
        headers = first
      })
  })
}

/** Another server's answer is not taken on trust: every field is looked at, and nothing else is passed on. */
function answerOf({ exposure, timeStamp, recommends }: ArticleResponse, count: number): RecommendResponse {
  if (recommends.length > count || timeStamp < 0n || timeStamp > BigInt(Number.MAX_SAFE_INTEGER))
    throw unavailable('the recommender gave a strange answer')
  const items = new Map<ArticleId, RecommendResponse['items'][number]>() // in their order, each once
  for (const { articleId, track } of recommends) {
    if (articleId <= 0n) throw unavailable('the recommender gave a strange answer')
    const { click = '', collect = '', share = '', read = '' } = track ?? {}
    const id = articleId as ArticleId
    if (!items.has(id)) items.set(id, { articleId: id, track: { click, collect, share, read } })
  }
  return { exposureToken: exposure, nextCursor: Number(timeStamp), items: [...items.values()] }
}

function problemOf(err: grpc.ServiceError): Problem {
  // INVALID_ARGUMENT too: what we asked was within bounds, so it is not the reader who is wrong.
  if (err.code === grpc.status.DEADLINE_EXCEEDED) return new Problem('too-slow', 'the recommender took too long')
  return unavailable('the recommender is not available')
}
