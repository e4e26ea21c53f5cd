// Several processes as an operator runs them: each says how it is, and each may be stopped and started again while people
// read on, Redis too.

import assert from 'node:assert/strict'
import { Agent, request } from 'node:http'
import type { TestContext } from 'node:test'
import { type Cluster, startCluster } from '../../support/cluster.ts'
import { type Answer, ask, type ServerProcess } from '../../support/server-process.ts'
import { eventually, PATIENCE_MS, pause } from '../../support/waiting.ts'

const READERS = 2
const REST_MS = 40 // between two requests of a reader
const SEEN = 10 // requests after which something would have been noticed

let cluster: Cluster

/** Four processes on one PostgreSQL and one Redis, with something to read. */
export async function openCluster(): Promise<void> {
  cluster = await startCluster({ apis: 2 })
  const { db } = cluster.database
  await db.insertInto('channel').values({ id: 1, name: 'one' }).execute()
  await db
    .insertInto('reader')
    .values({ id: 5n, name: 'author' } as never)
    .execute()
  const articles = Array.from({ length: 30 }, (_, i) => ({
    id: 2n ** 60n + BigInt(i),
    author_id: 5n,
    channel_id: 1,
    title: `${i}`,
    cover: [],
    status: 2,
    published_at: new Date(),
  }))
  await db
    .insertInto('article')
    .values(articles as never)
    .execute()
}

/** Every process says that it lives, that it is ready, and how it does. */
export async function checkHealth(): Promise<void> {
  for (const { url } of cluster.everyone) {
    assert.deepEqual(JSON.parse((await ask(url, '/healthz')).body), { status: 'up' })
    const ready = await eventually(
      () => ask(url, '/readyz'),
      answer => answer.body.includes('"status":"up"'),
    )
    assert.deepEqual([ready.status, JSON.parse(ready.body)], [200, { status: 'up', checks: { database: 'up', redis: 'up' } }])
  }
  const [recommender, api, , worker] = await Promise.all(cluster.everyone.map(async ({ url }) => (await ask(url, '/metrics')).body))
  assert.match(recommender ?? '', /^log_lag_seconds\{consumer="recommender"\} \d/m)
  assert.match(worker ?? '', /^oldest_writer_seconds \d/m)
  assert.match(worker ?? '', /^counter_lag_seconds \d/m)
  // What a process does not know it does not say.
  assert.doesNotMatch(api ?? '', /^(counter_lag_seconds|oldest_writer_seconds|log_lag_seconds\{consumer="recommender"\}) /m)
  assert.doesNotMatch(worker ?? '', /^log_lag_seconds\{/m)
  assert.equal((await ask(cluster.recommender.url, '/app/v1_0/channels')).status, 404, 'readers are served elsewhere')
}

// Two at a time, so that it takes half as long: together they are no more than readers bear.
export const PAIRS: Record<string, () => (ServerProcess | undefined)[]> = {
  'one that serves readers, and the worker beside it,': () => [cluster.apis[1], cluster.everyone[3]],
  'the one whose address readers have, and the recommender beside it,': () => [cluster.apis[0], cluster.recommender],
}

/** Stopped and started again, while people read on. */
export async function restartProcesses(t: TestContext, which: () => (ServerProcess | undefined)[]): Promise<void> {
  const readers = read(t)
  await readers.more()
  const stopped = which() as ServerProcess[]
  for (const one of stopped) one.kill('SIGTERM')
  for (const one of stopped) assert.equal((await one.ended).code, 0)
  await readers.more()
  await Promise.all(stopped.map(again))
  readers.back()
  await readers.more()
  await readers.stop()
  await ranked()
}

async function again(old: ServerProcess): Promise<void> {
  const next = await cluster.again(old)
  assert.deepEqual([next.url, next.grpc], [old.url, old.grpc])
  cluster.apis = cluster.apis.map(one => (one === old ? next : one))
  cluster.everyone = cluster.everyone.map(one => (one === old ? next : one))
  if (cluster.recommender === old) cluster.recommender = next
}

/** Redis is killed and started again, while people read on. */
export async function killRedis(t: TestContext): Promise<void> {
  const readers = read(t)
  await readers.more()
  await cluster.redis.kill()
  await readers.more()
  for (const { url } of cluster.apis) {
    const ready = await ask(url, '/readyz')
    assert.deepEqual([ready.status, JSON.parse(ready.body).status], [200, 'degraded'])
  }
  await cluster.redis.start()
  await readers.more()
  await readers.stop()
  for (const { url } of cluster.everyone)
    await eventually(
      () => ask(url, '/readyz'),
      ({ body }) => body.includes('"status":"up"'),
    )
}

/** Waits until each process that serves has its pages from the recommender. */
async function ranked(): Promise<void> {
  for (const { url } of cluster.apis) {
    await eventually(
      async () => (await fetch(`${url}${feed()}`)).headers.get('x-feed-source'),
      source => source === 'model',
    )
  }
}

const feed = () => `/app/v1_1/articles?channel_id=1&timestamp=${Date.now()}&with_top=0`

/** People who read through connections that are kept, each as a load balancer would have them: from whoever serves. */
function read(t: TestContext) {
  const answers: string[] = []
  const gone = new Set<string>()
  let toldToWait = 0
  let stopped = false
  const all = Promise.all(Array.from({ length: READERS }, (_, nth) => reader(nth)))
  // A failure is told by stop(), or by more().
  all.catch(() => {})
  t.after(() => {
    stopped = true
  })

  async function reader(nth: number): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    for (let turn = nth; !stopped; turn++) {
      const { url } = cluster.apis[turn % 2] as ServerProcess
      if (gone.has(url)) {
        await pause(REST_MS)
        continue
      }
      const path = turn % 3 ? feed() : '/app/v1_0/channels'
      let said = await one(url, path, agent)
      // A machine that does much else may keep PostgreSQL from answering in time; whoever is told to come again does so, once.
      if (said !== 'gone' && said.status === 503 && !said.closes) {
        toldToWait++
        await pause(1_000)
        said = await one(url, path, agent)
      }
      if (said === 'gone' || said.closes) gone.add(url)
      if (said !== 'gone') answers.push(said.status === 200 ? 'OK' : `${said.status} ${said.body}`)
      assert.ok(gone.size < 2, 'somebody serves')
      await pause(REST_MS)
    }
    agent.destroy()
  }

  return {
    /** Fails when nobody is answered. */
    async more() {
      const before = answers.length
      await Promise.race([
        all,
        eventually(
          async () => answers.length - before,
          count => count >= SEEN,
        ),
      ])
    },
    back: () => gone.clear(),
    async stop() {
      stopped = true
      await all
      t.diagnostic(`${answers.length} requests, ${toldToWait} times told to wait`)
      assert.ok(answers.length > SEEN)
      assert.deepEqual(
        answers.filter(answer => answer !== 'OK'),
        [],
      )
    },
  }
}

/**
 * `gone`: nobody listens, or a kept connection was closed as it was to be used again. Whoever keeps connections goes
 * elsewhere then, for nothing of the request has been answered. Any other failure is one.
 */
function one(url: string, path: string, agent: Agent): Promise<'gone' | Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url + path, { agent, signal: AbortSignal.timeout(3 * PATIENCE_MS) }, answer => {
      let body = ''
      answer.setEncoding('utf8').on('data', piece => {
        body += piece
      })
      answer.on('error', reject)
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, closes: answer.headers.connection === 'close', body }))
    })
    sent.on('error', (err: NodeJS.ErrnoException) => {
      if (err.code === 'ECONNREFUSED' || (err.code === 'ECONNRESET' && sent.reusedSocket)) resolve('gone')
      else reject(err)
    })
    sent.end()
  })
}
