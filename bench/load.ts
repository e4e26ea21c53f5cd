// A load generator that costs little, so that what it measures is the server: keep-alive sockets, each with one request
// under way, answers read by their length. Each connection asks as soon as it is answered, or at the times that `perSecond` sets. A
// request that is due before the last answer is sent after it, and its time counts from when it was due, as wrk2 counts it
// (https://github.com/giltene/wrk2, "coordinated omission"): otherwise a server that stalls would be asked less meanwhile.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface Sent {
  path: string
  headers?: string
}

export interface Load {
  url: string
  connections: number
  seconds: number
  /** Ends earlier, after so many. */
  requests?: number
  /** Offered by all connections, by turns at even times. */
  perSecond?: number
  /** The next request of a connection; it knows the answer to the one before. Undefined ends the connection. */
  next(connection: number, body: Buffer | undefined): Sent | undefined
}

export interface Outcome {
  perSecond: number
  /** Milliseconds. */
  p50: number
  p99: number
  p999: number
  requests: number
  failures: number
}

// At an offered rate the connections begin one after another within so many turns, which do not count: viewers who begin at once
// would be ranked anew at once, page after page.
const TURNS_BEFORE = 8

export async function load({ url, connections, seconds, requests = Number.POSITIVE_INFINITY, perSecond, next }: Load): Promise<Outcome> {
  const { hostname, port } = new URL(url)
  const turnMs = perSecond ? (connections / perSecond) * 1000 : 0
  const times: number[] = []
  let failures = 0
  let begun = 0
  const began = performance.now() + TURNS_BEFORE * turnMs
  const until = began + seconds * 1000
  await Promise.all(Array.from({ length: connections }, (_, i) => one(i)))
  const took = (performance.now() - began) / 1000
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { perSecond: times.length / took, p50: at(0.5), p99: at(0.99), p999: at(0.999), requests: begun, failures }

  function one(connection: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let socket: Socket
      let dueAt = began - turnMs * (1 + (connection % TURNS_BEFORE) + connection / connections)
      let since = 0
      const open = (body: Buffer | undefined) => {
        socket = connect(Number(port), hostname)
        socket.setNoDelay(true)
        socket.on('connect', () => sendWhenDue(body))
        socket.on('error', reject)
        onAnswer(socket, receive)
      }
      const sendWhenDue = (body: Buffer | undefined) => {
        dueAt = turnMs ? dueAt + turnMs : performance.now()
        const waitMs = dueAt - performance.now()
        if (waitMs > 0 && dueAt < until) setTimeout(send, Math.ceil(waitMs), body)
        else send(body)
      }
      const send = (body: Buffer | undefined) => {
        const sent = dueAt < until && begun < requests ? next(connection, body) : undefined
        if (!sent) {
          socket.end()
          return resolve()
        }
        begun++
        since = Math.min(dueAt, performance.now()) // a timer may be early
        socket.write(requestOf(hostname, sent))
      }
      const receive = (head: string, body: Buffer) => {
        if (dueAt >= began) times.push(performance.now() - since)
        if (!isGood(head)) failures++
        if (!isLast(head)) return sendWhenDue(body)
        socket.end()
        open(body)
      }
      open(undefined)
    })
  }
}

export interface Client {
  get(path: string, headers?: string): Promise<{ body: Buffer; ms: number }>
  close(): void
}

/** One request at a time on one connection, for what is measured alone. `fetch` takes a millisecond for itself. */
export async function openClient(url: string): Promise<Client> {
  const { hostname, port } = new URL(url)
  const open = async () => {
    const opened = connect(Number(port), hostname)
    opened.setNoDelay(true)
    await once(opened, 'connect')
    return opened
  }
  let socket = await open()
  return {
    async get(path, headers) {
      const answered = new Promise<{ head: string; body: Buffer }>((resolve, reject) => {
        onAnswer(socket.removeAllListeners('data'), (head, body) => resolve({ head, body }))
        socket.removeAllListeners('error').once('error', reject)
      })
      const began = performance.now()
      socket.write(requestOf(hostname, { path, headers }))
      const { head, body } = await answered
      const ms = performance.now() - began
      if (!isGood(head)) throw new Error(`${path}: ${head.slice(0, head.indexOf('\r\n'))}`)
      if (isLast(head)) {
        socket.end()
        socket = await open()
      }
      return { body, ms }
    },
    close: () => void socket.end(),
  }
}

const requestOf = (hostname: string, { path, headers = '' }: Sent) => `GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\n${headers}\r\n`
const isGood = (head: string) => head.startsWith('2', 9)
/** The server ends a connection after a number of requests and says so. */
const isLast = (head: string) => /^connection: close/im.test(head)

/** Calls back with each whole answer that a socket receives. */
function onAnswer(socket: Socket, answered: (head: string, body: Buffer) => void): void {
  let got: Buffer<ArrayBufferLike> = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    got = got.length === 0 ? chunk : Buffer.concat([got, chunk])
    const end = got.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = got.toString('latin1', 0, end)
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
    if (got.length < end + 4 + length) return
    const body = got.subarray(end + 4, end + 4 + length)
    got = Buffer.alloc(0)
    answered(head, body)
  })
}
