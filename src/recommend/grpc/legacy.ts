// The service of proto/reco.proto, as existing clients call it: reads a UserRequest, checks its bounds, and writes the answer.
// Our own client adds headers for what the message has no field for.

import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import * as grpc from '@grpc/grpc-js'
import { type ArticleId, parseId, type ReaderId } from '../../base/id.ts'
import { Problem } from '../../base/problem.ts'
import { ANONYMOUS, type Viewer, viewerOfDevice } from '../../base/viewer.ts'
import { PINNED_PER_CHANNEL_MAX, type Recommender } from '../contract.ts'
import { type ArticleResponse, ArticleResponseSchema, type UserRequest, UserRequestSchema } from './gen/reco_pb.ts'

export const USER_RECOMMEND = {
  path: '/UserRecommend/user_recommend',
  requestStream: false,
  responseStream: false,
  requestSerialize: (request: UserRequest) => Buffer.from(toBinary(UserRequestSchema, request)),
  requestDeserialize: (bytes: Buffer) => fromBinary(UserRequestSchema, bytes),
  responseSerialize: (response: ArticleResponse) => Buffer.from(toBinary(ArticleResponseSchema, response)),
  responseDeserialize: (bytes: Buffer) => fromBinary(ArticleResponseSchema, bytes),
} as const

export const KEY_HEADER = 'x-recommender-key'
/** The device id of a viewer who is not signed in. */
export const DEVICE_HEADER = 'x-device'
/** excludeIds and deprioritizedIds of the request: ids with commas between. */
export const EXCLUDE_HEADER = 'x-besides'
export const DEPRIORITIZE_HEADER = 'x-last'
/** isFirstPage of the response: 1 or 0. Other recommenders do not send it. */
export const FIRST_PAGE_HEADER = 'x-begins'

const USER_ID_MAX = 64
const [CONTINUATION, FIRST_PAGE] = ['0', '1'].map(value => {
  const metadata = new grpc.Metadata()
  metadata.set(FIRST_PAGE_HEADER, value)
  return metadata
}) as [grpc.Metadata, grpc.Metadata]

/** `key`: required in the header x-recommender-key; undefined admits every caller. Throws Problem. */
export async function answerUserRecommend(
  recommender: Recommender,
  call: grpc.ServerUnaryCall<UserRequest, ArticleResponse>,
  key: string | undefined,
): Promise<ArticleResponse> {
  if (key !== undefined && call.metadata.get(KEY_HEADER)[0] !== key)
    throw new Problem('unauthenticated', `the header ${KEY_HEADER} is missing or wrong`)
  const { userId, channelId, articleNum, timeStamp } = call.request
  if (userId.length > USER_ID_MAX) throw new Problem('invalid', `user_id must have at most ${USER_ID_MAX} characters`)
  if (timeStamp < 0n) throw new Problem('invalid', 'time_stamp must be 0 or more')
  if (call.cancelled || Number(call.getDeadline()) <= Date.now()) throw new Problem('too-slow', 'the deadline has passed')
  const response = await recommender.recommend({
    viewer: viewerOf(userId, call.metadata.get(DEVICE_HEADER)[0]),
    channelId,
    count: articleNum,
    // A number beyond 2^53 was never issued: like any such number it is a refresh.
    cursor: Number(timeStamp <= BigInt(Number.MAX_SAFE_INTEGER) ? timeStamp : BigInt(Number.MAX_SAFE_INTEGER)),
    excludeIds: parseIds(call.metadata.get(EXCLUDE_HEADER)[0]),
    deprioritizedIds: parseIds(call.metadata.get(DEPRIORITIZE_HEADER)[0]),
  })
  call.sendMetadata(response.isFirstPage ? FIRST_PAGE : CONTINUATION)
  return create(ArticleResponseSchema, {
    exposure: response.exposureToken,
    timeStamp: BigInt(response.nextCursor),
    recommends: response.items.map(({ articleId, tokens }) => ({ articleId, track: tokens })),
  })
}

/** Existing clients send "", "annoy" or other text for a viewer who is not signed in. */
function viewerOf(userId: string, device: string | Buffer | undefined): Viewer {
  const id = parseId(userId)
  if (id) return { kind: 'reader', id: id as ReaderId }
  return (typeof device === 'string' ? viewerOfDevice(device) : undefined) ?? ANONYMOUS
}

/** The header is optional, so malformed ids are ignored. */
function parseIds(header: string | Buffer | undefined): ArticleId[] | undefined {
  if (typeof header !== 'string') return undefined
  return header
    .split(',', PINNED_PER_CHANNEL_MAX)
    .map(parseId)
    .filter(id => id !== undefined) as ArticleId[]
}
