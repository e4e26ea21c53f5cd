// The service of proto/reco.proto, as existing clients call it: reads a UserRequest, checks its bounds, and writes the answer.
// Our own client adds headers for what the message has no field for. (`with_pinned` and `pinned` are fields of ours.)

import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import * as grpc from '@grpc/grpc-js'
import { parseId, type ReaderId } from '../../base/id.ts'
import { Problem } from '../../base/problem.ts'
import { ANONYMOUS, type Viewer, viewerOfDevice } from '../../base/viewer.ts'
import type { RecommendedItem, Recommender } from '../contract.ts'
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

const USER_ID_MAX = 64

/** `key`: required in the header x-recommender-key; undefined admits every caller. Throws Problem. */
export async function answerUserRecommend(
  recommender: Recommender,
  call: grpc.ServerUnaryCall<UserRequest, ArticleResponse>,
  key: string | undefined,
): Promise<ArticleResponse> {
  if (key !== undefined && call.metadata.get(KEY_HEADER)[0] !== key)
    throw new Problem('unauthenticated', `the header ${KEY_HEADER} is missing or wrong`)
  const { userId, channelId, articleNum, timeStamp, withPinned } = call.request
  if (userId.length > USER_ID_MAX) throw new Problem('invalid', `user_id must have at most ${USER_ID_MAX} characters`)
  if (timeStamp < 0n) throw new Problem('invalid', 'time_stamp must be 0 or more')
  if (call.cancelled || Number(call.getDeadline()) <= Date.now()) throw new Problem('too-slow', 'the deadline has passed')
  const response = await recommender.recommend({
    viewer: viewerOf(userId, call.metadata.get(DEVICE_HEADER)[0]),
    channelId,
    count: articleNum,
    // A number beyond 2^53 was never issued: like any such number it is a refresh.
    cursor: Number(timeStamp <= BigInt(Number.MAX_SAFE_INTEGER) ? timeStamp : BigInt(Number.MAX_SAFE_INTEGER)),
    withPinned,
  })
  const toArticle = ({ articleId, tokens }: RecommendedItem) => ({ articleId, track: tokens })
  return create(ArticleResponseSchema, {
    exposure: response.exposureToken,
    timeStamp: BigInt(response.nextCursor),
    recommends: response.items.map(toArticle),
    pinned: response.pinned?.map(toArticle),
  })
}

/** Existing clients send "", "annoy" or other text for a viewer who is not signed in. */
function viewerOf(userId: string, device: string | Buffer | undefined): Viewer {
  const id = parseId(userId)
  if (id) return { kind: 'reader', id: id as ReaderId }
  return (typeof device === 'string' ? viewerOfDevice(device) : undefined) ?? ANONYMOUS
}
