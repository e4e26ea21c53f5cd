// The recommender over gRPC: the contract of proto/reco.proto, health and reflection. Everything a caller can send is
// bounded before anything is done with it, and nothing is done for a caller whose deadline has passed.

import { fileURLToPath } from 'node:url'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import * as grpc from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { ReflectionService } from '@grpc/reflection'
import { HealthImplementation } from 'grpc-health-check'
import { type ArticleId, parseId, type ReaderId } from '../../base/id.ts'
import type { Log } from '../../base/log.ts'
import { toListenError } from '../../base/network.ts'
import { Problem, type ProblemKind } from '../../base/problem.ts'
import { ANONYMOUS, DEVICE_ID, type Viewer } from '../../base/viewer.ts'
import { PINNED_PER_CHANNEL_MAX, type Recommender } from '../contract.ts'
import { type ArticleResponse, ArticleResponseSchema, type UserRequest, UserRequestSchema } from './gen/reco_pb.ts'

// What goes wrong comes to us as an error. The library would also write it to stderr, in the midst of lines of JSON.
grpc.setLogVerbosity(grpc.logVerbosity.NONE)

export interface RecommenderServerNeeds {
  recommender: Recommender
  host: string
  port: number
  /** Absent: whoever reaches the port may call. */
  key?: string
  log: Log
}

export interface RecommenderServer {
  port: number
  /** Says "not serving" to those who ask or watch, and serves on. */
  leave(): void
  /** Lets calls in flight end, then closes. */
  close(): Promise<void>
}

const CODE: Record<ProblemKind, grpc.status> = {
  invalid: grpc.status.INVALID_ARGUMENT,
  unauthenticated: grpc.status.UNAUTHENTICATED,
  forbidden: grpc.status.PERMISSION_DENIED,
  'not-found': grpc.status.NOT_FOUND,
  conflict: grpc.status.ABORTED,
  'too-large': grpc.status.RESOURCE_EXHAUSTED,
  unsupported: grpc.status.UNIMPLEMENTED,
  'too-many': grpc.status.RESOURCE_EXHAUSTED,
  unavailable: grpc.status.UNAVAILABLE,
  'too-slow': grpc.status.DEADLINE_EXCEEDED,
}

/** The header in which our own client names a device; the contract's message has no place for one. */
export const DEVICE_HEADER = 'x-device'
export const KEY_HEADER = 'x-recommender-key'
/** The headers in which our own client says what is pinned (contract.ts): ids with commas between. */
export const BESIDES_HEADER = 'x-besides'
export const LAST_HEADER = 'x-last'
/** The header by which our own client learns whether a scroll begins with this answer: 1 or 0. Without it that is not known. */
export const BEGINS_HEADER = 'x-begins'
const [GOES_ON, BEGINS] = ['0', '1'].map(begins => {
  const metadata = new grpc.Metadata()
  metadata.set(BEGINS_HEADER, begins)
  return metadata
}) as [grpc.Metadata, grpc.Metadata]

export const USER_RECOMMEND = {
  path: '/UserRecommend/user_recommend',
  requestStream: false,
  responseStream: false,
  requestSerialize: (request: UserRequest) => Buffer.from(toBinary(UserRequestSchema, request)),
  requestDeserialize: (bytes: Buffer) => fromBinary(UserRequestSchema, bytes),
  responseSerialize: (response: ArticleResponse) => Buffer.from(toBinary(ArticleResponseSchema, response)),
  responseDeserialize: (bytes: Buffer) => fromBinary(ArticleResponseSchema, bytes),
} as const

// A request has some 60 bytes.
const REQUEST_BYTES_MAX = 4 * 1024
const USER_ID_MAX = 64
const CLOSE_MS = 5_000
// Once no call is left: for the last answer to be on its way, and for a request whose first half has arrived.
const QUIET_MS = 200

export async function startRecommenderServer({ recommender, host, port, key, log }: RecommenderServerNeeds): Promise<RecommenderServer> {
  const server = new grpc.Server({
    'grpc.max_receive_message_length': REQUEST_BYTES_MAX,
    // One connection may not hold the process: more calls than this wait in their client.
    'grpc.max_concurrent_streams': 256,
    'grpc.keepalive_time_ms': 10_000,
    'grpc.keepalive_timeout_ms': 2_000,
  })
  let inFlight = 0
  let onQuiet: (() => void) | undefined
  const call: grpc.handleUnaryCall<UserRequest, ArticleResponse> = (call, answer) => {
    inFlight++
    userRecommend(recommender, call, key)
      .then(
        response => answer(null, response),
        err => {
          if (!(err instanceof Problem)) log.error({ err }, 'recommender call failed')
          const [code, details] = err instanceof Problem ? [CODE[err.kind], err.message] : [grpc.status.INTERNAL, 'the recommender failed']
          answer({ code, details })
        },
      )
      .finally(() => {
        inFlight--
        if (inFlight === 0) onQuiet?.()
      })
  }
  server.addService({ user_recommend: USER_RECOMMEND }, { user_recommend: call })

  const health = new HealthImplementation({ '': 'SERVING', UserRecommend: 'SERVING' })
  health.addToServer(server)
  reflectionOf(fileURLToPath(new URL('../../../proto/reco.proto', import.meta.url))).addToServer(server)

  const bound = await new Promise<number>((resolve, reject) =>
    server.bindAsync(`${host.includes(':') ? `[${host}]` : host}:${port}`, grpc.ServerCredentials.createInsecure(), (err, got) =>
      err ? reject(toListenError(err, { host, port }, 'GRPC_PORT')) : resolve(got),
    ),
  )
  const leave = () => ['', 'UserRecommend'].forEach(service => health.setStatus(service, 'NOT_SERVING'))
  return {
    port: bound,
    leave,
    close: () =>
      new Promise(resolve => {
        const limit = setTimeout(() => server.forceShutdown(), CLOSE_MS)
        let quiet: NodeJS.Timeout | undefined
        // Whoever watches our health, or has asked what there is, never ends that by themselves: only calls are waited for.
        onQuiet = () => {
          clearTimeout(quiet)
          quiet = setTimeout(() => inFlight === 0 && server.forceShutdown(), QUIET_MS)
        }
        if (inFlight === 0) onQuiet()
        server.tryShutdown(() => {
          clearTimeout(limit)
          clearTimeout(quiet)
          onQuiet = undefined
          resolve()
        })
      }),
  }
}

/** The library knows what a proto file without a package declares by names that begin with a dot, and nobody asks for those. */
function reflectionOf(proto: string): ReflectionService {
  const reflection = new ReflectionService(loadSync(proto))
  const { v1, v1Alpha } = reflection as unknown as Record<'v1' | 'v1Alpha', Record<'symbols' | 'services', Record<string, unknown>>>
  for (const names of [v1.symbols, v1.services, v1Alpha.symbols, v1Alpha.services])
    for (const dotted of Object.keys(names).filter(name => name.startsWith('.'))) {
      names[dotted.slice(1)] = names[dotted]
      delete names[dotted]
    }
  return reflection
}

async function userRecommend(recommender: Recommender, call: grpc.ServerUnaryCall<UserRequest, ArticleResponse>, key: string | undefined) {
  if (key !== undefined && call.metadata.get(KEY_HEADER)[0] !== key)
    throw new Problem('unauthenticated', `the header ${KEY_HEADER} is missing or wrong`)
  const { userId, channelId, articleNum, timeStamp } = call.request
  if (userId.length > USER_ID_MAX) throw new Problem('invalid', `user_id must have at most ${USER_ID_MAX} characters`)
  if (timeStamp < 0n) throw new Problem('invalid', 'time_stamp must be 0 or more')
  if (call.cancelled || Number(call.getDeadline()) <= Date.now()) throw new Problem('too-slow', 'the deadline has passed')
  const viewer = viewerOf(userId, call.metadata.get(DEVICE_HEADER)[0])
  // What no JavaScript number holds was never given out: it means "refresh", as any such number does.
  const stamp = Number(timeStamp <= BigInt(Number.MAX_SAFE_INTEGER) ? timeStamp : BigInt(Number.MAX_SAFE_INTEGER))
  const answer = await recommender.recommend({
    viewer,
    channelId,
    count: articleNum,
    cursor: stamp,
    excludeIds: pinnedOf(call.metadata.get(BESIDES_HEADER)[0]),
    deprioritizedIds: pinnedOf(call.metadata.get(LAST_HEADER)[0]),
  })
  call.sendMetadata(answer.isFirstPage ? BEGINS : GOES_ON)
  return create(ArticleResponseSchema, {
    exposure: answer.exposureToken,
    timeStamp: BigInt(answer.nextCursor),
    recommends: answer.items.map(({ articleId, track }) => ({ articleId, track })),
  })
}

/** Existing clients send "", "annoy" or whatever they have for somebody who is not signed in. */
function viewerOf(userId: string, device: string | Buffer | undefined): Viewer {
  const id = parseId(userId)
  if (id) return { kind: 'reader', id: id as ReaderId }
  return typeof device === 'string' && DEVICE_ID.test(device) ? { kind: 'device', id: device } : ANONYMOUS
}

/** A wish: what is no list of ids wishes nothing. */
function pinnedOf(header: string | Buffer | undefined): ArticleId[] | undefined {
  if (typeof header !== 'string') return undefined
  return header
    .split(',', PINNED_PER_CHANNEL_MAX)
    .map(parseId)
    .filter(id => id !== undefined) as ArticleId[]
}
