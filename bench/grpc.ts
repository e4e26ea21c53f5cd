// The recommender over gRPC, beside a bare server of the same library that sends the same bytes.

import { create } from '@bufbuild/protobuf'
import * as grpc from '@grpc/grpc-js'
import { type ArticleResponse, type UserRequest, UserRequestSchema } from '../src/recommend/grpc/gen/reco_pb.ts'
import { USER_RECOMMEND } from '../src/recommend/grpc/legacy.ts'
import { type Running, run, runProduct } from './processes.ts'
import { median, quantile, type Report, round } from './report.ts'

const ROUNDS = 5
const SECONDS = 3
const STREAMS = 16

/** The next request of a stream, from its last answer. */
type Next = (stream: number, last: ArticleResponse | undefined) => UserRequest

export async function measure(): Promise<Report> {
  const product = await runProduct()
  const requestOf = (userId: string, timeStamp: bigint) => create(UserRequestSchema, { userId, channelId: 0, articleNum: 10, timeStamp })
  const first = await open(product.grpc)
  const page = Buffer.from(USER_RECOMMEND.responseSerialize(await first.call(requestOf('', 1n))))
  first.close()
  const bare = await run('./bare-grpc.ts', [page.toString('base64')], {})
  const token = await signIn(product.url)
  // Each stream is a reader who scrolls; at the end of the feed a new reader takes over.
  const unusedIds: string[] = []
  const streamReaders: string[] = []
  const signInMore = async () => {
    while (unusedIds.length < STREAMS * 12) unusedIds.push(...(await Promise.all(Array.from({ length: 8 }, () => signIn(product.url)))))
  }
  const scroll: Next = (stream, last) => {
    if (streamReaders[stream] === undefined || last?.timeStamp === 0n) streamReaders[stream] = unusedIds.pop() ?? token
    return requestOf(streamReaders[stream] as string, last?.timeStamp || BigInt(Date.now()))
  }
  try {
    const cases: Record<string, { server: Running; address: string; begin?: () => Promise<void>; next: Next }> = {
      'bare grpc-js': { server: bare, address: bare.ready.split(' ')[1] as string, next: () => requestOf('', 1n) },
      '(a) the shared page': { server: product, address: product.grpc, next: () => requestOf('', 1n) },
      '(a) a page read again': { server: product, address: product.grpc, next: () => requestOf(token, 1n) },
      '(b) the next page, stored': { server: product, address: product.grpc, begin: signInMore, next: scroll },
    }
    const results = new Map<string, { perSecond: number; p99: number; p50: number; cpu: number; ratio: number }[]>()
    for (let i = 0; i < ROUNDS; i++) {
      let yardstick = Number.NaN
      for (const [name, { server, address, begin, next }] of Object.entries(cases)) {
        await begin?.()
        const before = server.cpu().own
        const outcome = await drive(address, next)
        const cpu = ((server.cpu().own - before) / outcome.requests) * 1e6
        if (server === bare) yardstick = outcome.perSecond
        results.set(name, [...(results.get(name) ?? []), { ...outcome, cpu, ratio: outcome.perSecond / yardstick }])
      }
    }
    return {
      load: `${ROUNDS} alternating rounds of ${SECONDS} s, one connection with ${STREAMS} calls under way, ${page.length} bytes an answer; medians; µs of the server's Node a call`,
      rows: [...results].map(([what, rounds]) => {
        const medianOf = (pick: (one: (typeof rounds)[number]) => number) => round(median(rounds.map(pick)))
        return {
          what,
          'per s': medianOf(one => one.perSecond),
          'of bare': medianOf(one => one.ratio),
          'p50 ms': medianOf(one => one.p50),
          'p99 ms': medianOf(one => one.p99),
          'node µs': medianOf(one => one.cpu),
        }
      }),
    }
  } finally {
    await Promise.all([product.stop(), bare.stop()])
  }
}

async function open(address: string) {
  const client = new grpc.Client(address, grpc.credentials.createInsecure())
  const call = (request: UserRequest) =>
    new Promise<ArticleResponse>((resolve, reject) =>
      client.makeUnaryRequest(
        USER_RECOMMEND.path,
        USER_RECOMMEND.requestSerialize,
        USER_RECOMMEND.responseDeserialize,
        request,
        (err, answer) => (err ? reject(err) : resolve(answer as ArticleResponse)),
      ),
    )
  return { call, close: () => client.close() }
}

async function drive(address: string, next: Next) {
  const { call, close } = await open(address)
  const times: number[] = []
  const began = performance.now()
  const until = began + SECONDS * 1000
  await Promise.all(
    Array.from({ length: STREAMS }, async (_, stream) => {
      for (let last: ArticleResponse | undefined; performance.now() < until; ) {
        const sentAt = performance.now()
        last = await call(next(stream, last))
        times.push(performance.now() - sentAt)
      }
    }),
  )
  close()
  return {
    perSecond: times.length / ((performance.now() - began) / 1000),
    requests: times.length,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
  }
}

let readers = 0

/** Signs in a new reader. Returns their id. */
async function signIn(url: string): Promise<string> {
  const body = JSON.stringify({ mobile: String(15_900_000_000 + readers++), code: '246810' })
  const answer = await fetch(`${url}/v1_0/authorizations`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  const { data } = (await answer.json()) as { data: { token: string } }
  return JSON.parse(Buffer.from(data.token.split('.')[1] as string, 'base64url').toString()).user_id
}
