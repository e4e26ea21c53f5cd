// A load generator that costs little, so that what it measures is the server: keep-alive sockets, each with one request
// under way, answers read by their length.

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
  /** The next request of a connection; it knows the answer to the one before. Undefined ends the connection. */
  next(connection: number, body: Buffer | undefined): Sent | undefined
}

export interface Outcome {
  perSecond: number
  /** Milliseconds. */
  p50: number
  p99: number
  requests: number
  failures: number
}

export async function load({ url, connections, seconds, requests = Number.POSITIVE_INFINITY, next }: Load): Promise<Outcome> {
  const { hostname, port } = new URL(url)
  const times: number[] = []
  let failures = 0
  let begun = 0
  const began = performance.now()
  const until = began + seconds * 1000
  await Promise.all(Array.from({ length: connections }, (_, i) => one(i)))
  const took = (performance.now() - began) / 1000
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { perSecond: times.length / took, p50: at(0.5), p99: at(0.99), requests: times.length, failures }

  function one(connection: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let socket: Socket
      let sentAt = 0
      let got: Buffer<ArrayBufferLike> = Buffer.alloc(0)
      const open = (body: Buffer | undefined) => {
        socket = connect(Number(port), hostname)
        socket.setNoDelay(true)
        socket.on('connect', () => send(body))
        socket.on('error', reject)
        socket.on('data', receive)
      }
      const send = (body: Buffer | undefined) => {
        const sent = performance.now() < until && begun++ < requests ? next(connection, body) : undefined
        if (!sent) {
          socket.end()
          return resolve()
        }
        const { path, headers = '' } = sent
        sentAt = performance.now()
        socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\n${headers}\r\n`)
      }
      const receive = (chunk: Buffer) => {
        got = got.length === 0 ? chunk : Buffer.concat([got, chunk])
        const head = got.indexOf('\r\n\r\n')
        if (head < 0) return
        const fields = got.toString('latin1', 0, head)
        const length = Number(/content-length: (\d+)/i.exec(fields)?.[1] ?? 0)
        if (got.length < head + 4 + length) return
        times.push(performance.now() - sentAt)
        if (!got.toString('latin1', 9, 12).startsWith('2')) failures++
        const body = got.subarray(head + 4, head + 4 + length)
        got = Buffer.alloc(0)
        // The server ends a connection after a number of requests and says so.
        if (!/^connection: close/im.test(fields)) return send(body)
        socket.end()
        open(body)
      }
      open(undefined)
    })
  }
}
