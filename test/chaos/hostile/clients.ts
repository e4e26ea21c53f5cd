// Twenty kinds of clients that each try to stop the server for all others. They run in a thread of their own, so that they
// do not delay the readers whose answers are timed.

import { connect } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { pause } from '../../support/waiting.ts'

export interface HostileSettings {
  url: string
  grpc: string
  /** Mallory's access token. */
  token: string
  /** Between two attacks of one kind. */
  restMs: number
}

const { url, grpc, token, restMs } = workerData as HostileSettings
const HTTP_PORT = Number(new URL(url).port)
const GRPC_PORT = Number(grpc.split(':').at(-1))

let stopped = false
/** Ends each open connection. */
const ends = new Set<() => void>()
let turn = 0
/** An address of this machine; each counts as a client of its own. */
const someAddress = () => `127.6.${(turn >> 8) % 256}.${turn++ % 254 || 254}`

interface Attack {
  /** Sent one after another, with a pause of `gapMs`. */
  pieces: (string | Buffer)[]
  gapMs?: number
  /** Whether the client reads what comes back. */
  reads?: boolean
  holdMs?: number
  from?: string
  port?: number
}

/** One connection: it ends when the server closes it, or after `holdMs`. */
function attack({ pieces, gapMs = 0, reads = true, holdMs = 2_000, from = '127.0.0.1', port = HTTP_PORT }: Attack): Promise<void> {
  return new Promise(resolve => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from })
    const end = () => {
      clearTimeout(timer)
      ends.delete(end)
      socket.destroy()
      resolve()
    }
    const timer = setTimeout(end, holdMs)
    ends.add(end)
    socket.on('error', end).on('close', end)
    if (reads) socket.resume()
    else socket.pause()
    void (async () => {
      for (const piece of pieces) {
        if (socket.destroyed || stopped) return
        socket.write(piece)
        if (gapMs > 0) await pause(gapMs)
      }
    })()
  })
}

const HEAD = `Host: x\r\nAuthorization: Bearer ${token}\r\n`
const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\n${HEAD}${more}\r\n`
const send = (method: string, path: string, body: string) =>
  `${method} ${path} HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
const accents = (count: number) => `a${'\u0301'.repeat(count)}${'\u0316'.repeat(count)}`
const feed = () => get(`/app/v1_1/articles?channel_id=0&timestamp=${Date.now()}&with_top=0`)
const signIn = (guess: number) => send('POST', '/mis/v1_0/authorizations', JSON.stringify({ account: 'editor', password: `guess${guess}` }))

/** Each sends some seconds of work to a server without bounds. */
const KINDS: Record<string, () => Promise<unknown>> = {
  'a name with 100,000 accents': () =>
    attack({ pieces: [send('PATCH', '/app/v1_0/user/profile', JSON.stringify({ name: accents(50_000) }))] }),
  'a name with 30,000 accents': () =>
    attack({ pieces: [send('PATCH', '/app/v1_0/user/profile', JSON.stringify({ name: accents(15_000) }))] }),
  'a comment of accents': () =>
    attack({ pieces: [send('POST', '/app/v1_0/comments', JSON.stringify({ target: '1', content: accents(15_000) }))] }),
  'a body of half a million numbers': () => attack({ pieces: [send('POST', '/v1/behaviours', `[${'0,'.repeat(500_000)}0]`)] }),
  'a small body of 30,000 numbers': () => attack({ pieces: [send('POST', '/app/v1_0/authorizations', `[${'0,'.repeat(30_000)}0]`)] }),
  'a body of large numbers': () => attack({ pieces: [send('POST', '/v1/behaviours', `[${'1234567890123456789,'.repeat(11_000)}0]`)] }),
  'deep nesting': () => attack({ pieces: [send('POST', '/app/v1_0/authorizations', '['.repeat(60_000))] }),
  'pipelining large answers': () => attack({ pieces: [get('/openapi.json').repeat(1_500)] }),
  'pipelining without reading': () => attack({ pieces: [get('/docs/json').repeat(90)], reads: false, from: someAddress() }),
  'pipelining feeds without reading': () => attack({ pieces: [feed().repeat(90)], reads: false, from: someAddress() }),
  'not reading the web app': () => attack({ pieces: [get('/docs/static/swagger-ui-bundle.js').repeat(20)], reads: false, holdMs: 10_000 }),
  'headers byte by byte': () => attack({ pieces: [...get('/healthz')], gapMs: 500, holdMs: 15_000, from: someAddress() }),
  'a body byte by byte': () =>
    attack({ pieces: [...send('POST', '/app/v1_0/authorizations', ' '.repeat(100))], gapMs: 100, holdMs: 15_000 }),
  'chunks of one byte': () =>
    attack({
      pieces: [
        `POST /v1/behaviours HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
        '1\r\n0\r\n'.repeat(60_000),
      ],
    }),
  'connections without a request': () => Promise.all(Array.from({ length: 50 }, () => attack({ pieces: [], holdMs: 5_000 }))),
  'long addresses and headers': () =>
    attack({ pieces: [get(`/app/v1_0/channels?${'a=1&'.repeat(2_000)}`, `Accept: ${'a'.repeat(4_000)}\r\n`).repeat(20)] }),
  'bytes that are no HTTP': () => attack({ pieces: ['\x16\x03\x01\x02\x00\x01'.repeat(1_000)] }),
  'bytes that are no gRPC': () => attack({ pieces: ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', Buffer.alloc(64 * 1024, 7)], port: GRPC_PORT }),
  'health checks without a pause': () => attack({ pieces: [get('/readyz').repeat(90)] }),
  'guessing passwords from sixty addresses': () =>
    Promise.all(Array.from({ length: 60 }, (_, i) => attack({ pieces: [signIn(i)], from: `127.7.0.${i + 1}`, holdMs: 5_000 }))),
}

parentPort?.on('message', () => {
  stopped = true
  for (const end of ends) end()
})
const counts: Record<string, number> = {}
await Promise.all(
  Object.entries(KINDS).map(async ([name, run]) => {
    for (; !stopped; await pause(restMs)) {
      await run()
      counts[name] = (counts[name] ?? 0) + 1
    }
  }),
)
parentPort?.postMessage(counts, [])
parentPort?.close()
