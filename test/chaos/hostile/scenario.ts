// Twenty kinds of hostile clients attack a server at once, while readers read and an administrator signs in.

import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import type { TestContext } from 'node:test'
import { Worker } from 'node:worker_threads'
import { startProduct } from '../../support/product.ts'
import { createDataFolder, startServer } from '../../support/server-process.ts'
import { eventually, PATIENCE_MS, pause, within } from '../../support/waiting.ts'
import type { HostileSettings } from './clients.ts'

const PASSWORD = 'first1password'
const MB = 1024 * 1024
/** Without it, V8 keeps garbage up to a share of the machine's memory. With it, a server that held more than this would crash. */
const HEAP_LIMIT = '--max-old-space-size=400'
/** Between two attacks of one kind: the clients share two cores with the server. */
const REST_MS = 100

export interface HostileFigures {
  requests: number
  failed: string[]
  idleP99Ms: number
  p99Ms: number
  slowestMs: number
  /** Of an administrator's right password among the guesses. */
  signInMs: number
  idleMb: number
  mostMb: number
  backMs: number
  attacks: Record<string, number>
}

export async function runHostileMinute(
  t: TestContext,
  options: { readers: number; seconds: number; paceMs: number; timed?: boolean },
): Promise<HostileFigures> {
  const settings = { TRACE_KEY: 't'.repeat(32), TOKEN_KEY: 'o'.repeat(32), ADMIN_ACCOUNT: 'editor', ADMIN_PASSWORD: PASSWORD }
  const product = await startProduct({ alwaysEmbedded: true, env: settings })
  const channel = await product.createChannel('科技')
  await product.publish(Array.from({ length: 60 }, (_, i) => ({ channel, ageSeconds: i * 60 })))
  const mallory = await product.signIn('mallory')
  // Its memory and its times are its own in a process of its own. Whether readers fail is seen in this one as well.
  const env = { ...settings, DATABASE_URL: product.databaseUrl, LOG_LEVEL: 'silent', NODE_OPTIONS: HEAP_LIMIT }
  const server = options.timed ? await startServer(t, await createDataFolder(t), env) : { ...product, pid: process.pid }

  const failed: string[] = []
  const readers = Array.from({ length: options.readers }, (_, nth) => createReader(server.url, nth, failed))
  /** All readers read at their pace until `until`; resolves to the milliseconds of each answer. */
  async function readAll(until: () => boolean): Promise<number[]> {
    const times: number[] = []
    const readOn = async (read: () => Promise<number>, nth: number) => {
      for (await pause((options.paceMs * nth) / options.readers); !until(); await pause(options.paceMs)) times.push(await read())
    }
    await Promise.all(readers.map(readOn))
    return times.toSorted((a, b) => a - b)
  }

  const idle = await readAll(after(Math.min(5_000, options.seconds * 200)))
  const idleMb = await residentMb(server.pid)

  const workerData: HostileSettings = { url: server.url, grpc: server.grpc, token: mallory.token, restMs: REST_MS }
  const hostile = new Worker(new URL('./clients.ts', import.meta.url), { workerData })
  const ended = once(hostile, 'message') as Promise<[Record<string, number>]>
  let mostMb = 0
  const sampling = setInterval(() => void residentMb(server.pid).then(mb => (mostMb = Math.max(mostMb, mb))), 250)
  const [times, signInMs] = await Promise.all([readAll(after(options.seconds * 1_000)), signInAmongGuesses()])
  hostile.postMessage('stop', [])
  clearInterval(sampling)
  const [attacks] = await within(ended, 'the hostile clients say what they have done')

  const stoppedAt = performance.now()
  await eventually(
    async () => Promise.all(readers.map(read => read())),
    answers => !options.timed || Math.max(...answers) < 250,
  )
  const backMs = performance.now() - stoppedAt
  return {
    requests: times.length,
    failed,
    idleP99Ms: percentile(idle, 0.99),
    p99Ms: percentile(times, 0.99),
    slowestMs: Math.round(times.at(-1) ?? 0),
    signInMs,
    idleMb,
    mostMb,
    backMs: Math.round(backMs),
    attacks,
  }

  async function signInAmongGuesses(): Promise<number> {
    await pause(options.seconds * 500)
    const began = performance.now()
    const signIn = () =>
      fetch(`${server.url}/mis/v1_0/authorizations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ account: 'editor', password: PASSWORD }),
      })
    let answer = await signIn()
    // Sixty addresses that guess for the first time at this very moment are before it, and more than may wait.
    for (let tries = 1; answer.status === 503 && tries < 3; tries++) answer = await signIn()
    if (answer.status !== 201) failed.push(`sign-in: ${answer.status} ${await answer.text()}`)
    return Math.round(performance.now() - began)
  }
}

const after = (ms: number) => {
  const end = performance.now() + ms
  return () => performance.now() > end
}

const percentile = (sorted: number[], share: number) => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0)

/** A reader from an address of their own: refreshes the feed and opens an article in turns. */
function createReader(url: string, nth: number, failed: string[]): () => Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let turn = nth
  let articleId = ''
  const headers = { authorization: `Anony reader-${nth}` }
  return () =>
    new Promise(resolve => {
      const began = performance.now()
      const feed = `/v1_0/articles?channel_id=0&timestamp=${Date.now()}&with_top=0`
      const path = turn++ % 2 === 0 || articleId === '' ? feed : `/v1_0/articles/${articleId}`
      const done = (outcome: string) => {
        if (outcome !== '200') failed.push(`${path}: ${outcome}`)
        resolve(performance.now() - began)
      }
      const options = { agent, headers, localAddress: `127.5.0.${nth + 1}`, signal: AbortSignal.timeout(3 * PATIENCE_MS) }
      request(url + path, options, answer => {
        let text = ''
        answer.setEncoding('utf8').on('data', piece => (text += piece))
        answer.on('error', err => done(err.message))
        answer.on('end', () => {
          articleId = /"art_id":"(\d+)"/.exec(text)?.[1] ?? articleId
          done(String(answer.statusCode))
        })
      })
        .on('error', err => done(err.message))
        .end()
    })
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Math.round((Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024) / MB)
}
