// A connection to a recommender that is replaced when it stays silent. If a network drops every packet, TCP notices only after a
// quarter of an hour; and grpc-js waits without end for a server that accepts a connection and sends nothing.

import * as grpc from '@grpc/grpc-js'
import { MINUTE } from '../../base/clock.ts'
import { Problem, unavailable } from '../../base/problem.ts'
import type { ArticleResponse, UserRequest } from './gen/reco_pb.ts'
import { USER_RECOMMEND } from './legacy.ts'

interface Needs {
  address: string
  deadlineMs: number
  /** Milliseconds that never go back. */
  monotonic: () => number
}

export interface Connection {
  /** Throws Problem: `too-slow` after the deadline, `unavailable` otherwise. */
  call(request: UserRequest, headers: grpc.Metadata): Promise<ArticleResponse>
  close(): void
}

// A slow recommender loses little by a new connection. But grpc-js never frees one that waits for its first bytes, so each
// replacement that brings no answer doubles the time to the next.
const SILENCE_MS = 1_000
const SILENCE_MAX_MS = MINUTE
// Ten articles with their tokens take some 4 kB; a hundred 40.
const RESPONSE_BYTES_MAX = 256 * 1024
const CLIENT_OPTIONS = {
  'grpc.max_receive_message_length': RESPONSE_BYTES_MAX,
  // By default up to two minutes pass before the next attempt to reach a restarted server.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  // Otherwise a new client shares the connection of the previous one.
  'grpc.use_local_subchannel_pool': 1,
}

export function createConnection({ address, deadlineMs, monotonic }: Needs): Connection {
  let client = openClient(address)
  /** When the first of the calls began that have gone unanswered since. */
  let silentSince: number | undefined
  let silenceLimitMs = SILENCE_MS

  function noteFailure(err: unknown, startedAt: number): void {
    if (!(err instanceof Problem && err.kind === 'too-slow')) silentSince = undefined
    else if (silentSince === undefined) silentSince = startedAt
    else if (monotonic() - silentSince > silenceLimitMs) {
      client.close()
      client = openClient(address)
      silentSince = undefined
      silenceLimitMs = Math.min(2 * silenceLimitMs, SILENCE_MAX_MS)
    }
  }

  return {
    async call(request, headers) {
      const [usedClient, startedAt] = [client, monotonic()]
      try {
        const answer = await callOnce(usedClient, request, headers, deadlineMs)
        silentSince = undefined
        silenceLimitMs = SILENCE_MS
        return answer
      } catch (err) {
        // After this process was paused, many calls of a connection that is already replaced fail at once.
        if (usedClient === client) noteFailure(err, startedAt)
        throw err
      }
    },
    close: () => client.close(),
  }
}

const openClient = (address: string) => new grpc.Client(address, grpc.credentials.createInsecure(), CLIENT_OPTIONS)

function callOnce(client: grpc.Client, request: UserRequest, headers: grpc.Metadata, deadlineMs: number): Promise<ArticleResponse> {
  const { path, requestSerialize, responseDeserialize } = USER_RECOMMEND
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      headers,
      { deadline: Date.now() + deadlineMs },
      (err, response) => (err ? reject(toProblem(err)) : resolve(response as ArticleResponse)),
    )
  })
}

/** INVALID_ARGUMENT is `unavailable` too: the request was within bounds, so the reader made no mistake. */
function toProblem(err: grpc.ServiceError): Problem {
  if (err.code === grpc.status.DEADLINE_EXCEEDED) return new Problem('too-slow', 'the recommender took too long')
  return unavailable('the recommender is not available')
}
