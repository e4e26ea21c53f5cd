// The gRPC server: the legacy service (legacy.ts), health and reflection, from bind to graceful shutdown.

import * as grpc from '@grpc/grpc-js'
import { BaseServerInterceptingCall } from '@grpc/grpc-js/build/src/server-interceptors.js'
import type { Log } from '../../base/log.ts'
import { toListenError } from '../../base/network.ts'
import { Problem, type ProblemKind } from '../../base/problem.ts'
import type { Recommender } from '../contract.ts'
import type { ArticleResponse, UserRequest } from './gen/reco_pb.ts'
import { addHealth, addReflection } from './late-services.ts'
import { answerUserRecommend, USER_RECOMMEND } from './legacy.ts'

/** Node's timers hold no more milliseconds (24.8 days). The library reads a longer `grpc-timeout` as one that is over. */
const TIMEOUT_MAX_MS = 2 ** 31 - 1
const UNIT_MS: Record<string, number> = { H: 3_600_000, M: 60_000, S: 1_000 }
const { handleTimeoutHeader } = BaseServerInterceptingCall.prototype as unknown as { handleTimeoutHeader: (header: string) => void }
Object.assign(BaseServerInterceptingCall.prototype, {
  handleTimeoutHeader(header: string) {
    const [, digits = '', unit = ''] = /^(\d{1,8})([HMS])$/.exec(String(header)) ?? []
    const isLong = Number(digits) * (UNIT_MS[unit] ?? 0) > TIMEOUT_MAX_MS
    return handleTimeoutHeader.call(this, isLong ? `${Math.floor(TIMEOUT_MAX_MS / UNIT_MS.H!)}H` : header)
  },
})

// Errors reach us as errors. The library would also write them to stderr, between lines of JSON.
grpc.setLogVerbosity(grpc.logVerbosity.NONE)

export interface RecommenderServerNeeds {
  recommender: Recommender
  host: string
  port: number
  /** Callers must send it; undefined admits every caller that reaches the port. */
  key?: string
  log: Log
}

export interface RecommenderServer {
  port: number
  /** Health checks get NOT_SERVING from now on; calls are still answered. */
  markNotServing(): void
  /** Waits for the calls in flight, then closes. */
  close(): Promise<void>
}

const STATUS_OF: Record<ProblemKind, grpc.status> = {
  invalid: grpc.status.INVALID_ARGUMENT,
  unauthenticated: grpc.status.UNAUTHENTICATED,
  forbidden: grpc.status.PERMISSION_DENIED,
  'not-found': grpc.status.NOT_FOUND,
  'wrong-method': grpc.status.UNIMPLEMENTED,
  conflict: grpc.status.ABORTED,
  'too-large': grpc.status.RESOURCE_EXHAUSTED,
  unsupported: grpc.status.UNIMPLEMENTED,
  'too-many': grpc.status.RESOURCE_EXHAUSTED,
  unavailable: grpc.status.UNAVAILABLE,
  'too-slow': grpc.status.DEADLINE_EXCEEDED,
  'storage-failed': grpc.status.RESOURCE_EXHAUSTED,
}

const SERVER_OPTIONS = {
  // A request has some 60 bytes.
  'grpc.max_receive_message_length': 4 * 1024,
  // Bounds what one connection may ask for at once; further calls wait in their client.
  'grpc.max_concurrent_streams': 256,
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 2_000,
}
const CLOSE_MS = 5_000
// After the last call: time to send its answer, and to receive the rest of a request that has arrived in part.
const QUIET_MS = 200

export async function startRecommenderServer({ recommender, host, port, key, log }: RecommenderServerNeeds): Promise<RecommenderServer> {
  const server = new grpc.Server(SERVER_OPTIONS)
  let inFlight = 0
  let onIdle: (() => void) | undefined
  const handleCall: grpc.handleUnaryCall<UserRequest, ArticleResponse> = (call, answer) => {
    inFlight++
    answerUserRecommend(recommender, call, key)
      .then(
        response => answer(null, response),
        err => answer(toStatus(err, log)),
      )
      .finally(() => {
        inFlight--
        if (inFlight === 0) onIdle?.()
      })
  }
  server.addService({ user_recommend: USER_RECOMMEND }, { user_recommend: handleCall })
  const health = addHealth(server, { '': 'SERVING', UserRecommend: 'SERVING' })
  addReflection(server)

  return {
    port: await bind(server, host, port),
    markNotServing: () => ['', 'UserRecommend'].forEach(service => health.setStatus(service, 'NOT_SERVING')),
    close: () =>
      new Promise(resolve => {
        const limit = setTimeout(() => server.forceShutdown(), CLOSE_MS)
        let quiet: NodeJS.Timeout | undefined
        // Clients that watch our health or use reflection keep their streams open: only calls are waited for.
        onIdle = () => {
          clearTimeout(quiet)
          quiet = setTimeout(() => inFlight === 0 && server.forceShutdown(), QUIET_MS)
        }
        if (inFlight === 0) onIdle()
        server.tryShutdown(() => {
          clearTimeout(limit)
          clearTimeout(quiet)
          onIdle = undefined
          resolve()
        })
      }),
  }
}

function toStatus(err: unknown, log: Log): { code: grpc.status; details: string } {
  if (err instanceof Problem) return { code: STATUS_OF[err.kind], details: err.message }
  log.error({ err }, 'recommender call failed')
  return { code: grpc.status.INTERNAL, details: 'the recommender failed' }
}

function bind(server: grpc.Server, host: string, port: number): Promise<number> {
  const address = `${host.includes(':') ? `[${host}]` : host}:${port}`
  return new Promise((resolve, reject) =>
    server.bindAsync(address, grpc.ServerCredentials.createInsecure(), (err, boundPort) =>
      err ? reject(toListenError(err, { host, port }, 'GRPC_PORT')) : resolve(boundPort),
    ),
  )
}
