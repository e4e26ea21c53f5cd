// Two API processes, a recommender and a worker, as an operator runs them. Processes and Redis are stopped and started again
// while readers read on.

import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { type Cluster, startCluster } from '../../support/cluster.ts'
import { sendRequest } from '../../support/http-request.ts'
import { type ServerProcess } from '../../support/server-process.ts'
import { eventually } from '../../support/waiting.ts'
import { feedPath, startReaders } from './readers.ts'

let cluster: Cluster

/** Starts the cluster, with thirty articles in one channel. */
export async function openCluster(apis: number): Promise<void> {
  cluster = await startCluster({ apis })
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

const waitUntilUp = (url: string) =>
  eventually(
    () => sendRequest(url, '/readyz'),
    answer => answer.body.includes('"status":"up"'),
  )

/** `/healthz`, `/readyz` and `/metrics` of every process. */
export async function checkHealth(): Promise<void> {
  for (const { url } of cluster.all) {
    assert.deepEqual(JSON.parse((await sendRequest(url, '/healthz')).body), { status: 'up' })
    const ready = await waitUntilUp(url)
    assert.deepEqual([ready.status, JSON.parse(ready.body)], [200, { status: 'up', checks: { database: 'up', redis: 'up' } }])
  }
  const metrics = await Promise.all(cluster.all.map(async ({ url }) => (await sendRequest(url, '/metrics')).body))
  const [recommender, api] = metrics
  const worker = metrics.at(-1)
  assert.match(recommender ?? '', /^log_lag_seconds\{consumer="recommender"\} \d/m)
  assert.match(worker ?? '', /^oldest_writer_seconds \d/m)
  assert.match(worker ?? '', /^counter_lag_seconds \d/m)
  // A process leaves out what it does not measure.
  assert.doesNotMatch(api ?? '', /^(counter_lag_seconds|oldest_writer_seconds|log_lag_seconds\{consumer="recommender"\}) /m)
  // A worker runs the durable consumers: the search index, notices and Web Push.
  assert.doesNotMatch(worker ?? '', /^log_lag_seconds\{consumer="(?!search|notices|web-push)/m)
  assert.equal((await sendRequest(cluster.recommender.url, '/app/v1_0/channels')).status, 404, 'only API processes serve readers')
}

// Two processes at a time, which halves the duration. Readers are served without either pair.
export const PAIRS: Record<string, () => (ServerProcess | undefined)[]> = {
  'an API process and the worker': () => [cluster.apis[1], cluster.all[3]],
  'the API process at the public address and the recommender': () => [cluster.apis[0], cluster.recommender],
}

/** Stops the processes and starts them again while readers read on. */
export async function restartProcesses(t: TestContext, pair: () => (ServerProcess | undefined)[]): Promise<void> {
  const readers = startReaders(t, () => cluster.apis)
  await readers.waitForAnswers()
  const stopped = pair() as ServerProcess[]
  for (const process of stopped) process.kill('SIGTERM')
  for (const process of stopped) assert.equal((await process.ended()).code, 0)
  await readers.waitForAnswers()
  await Promise.all(stopped.map(restart))
  readers.reconnect()
  await readers.waitForAnswers()
  await readers.stop()
  await waitUntilRanked()
}

async function restart(old: ServerProcess): Promise<void> {
  const next = await cluster.restart(old)
  assert.deepEqual([next.url, next.grpc], [old.url, old.grpc])
  cluster.apis = cluster.apis.map(process => (process === old ? next : process))
  cluster.all = cluster.all.map(process => (process === old ? next : process))
  if (cluster.recommender === old) cluster.recommender = next
}

/** Kills Redis and starts it again, empty, while readers read on. */
export async function killRedis(t: TestContext): Promise<void> {
  const readers = startReaders(t, () => cluster.apis)
  await readers.waitForAnswers()
  await cluster.redis.kill()
  await readers.waitForAnswers()
  for (const { url } of cluster.apis) {
    const ready = await sendRequest(url, '/readyz')
    assert.deepEqual([ready.status, JSON.parse(ready.body).status], [200, 'degraded'])
  }
  await cluster.redis.start()
  await readers.waitForAnswers()
  await readers.stop()
  for (const { url } of cluster.all) await waitUntilUp(url)
}

/** Waits until each API process gets its pages from the recommender. */
async function waitUntilRanked(): Promise<void> {
  for (const { url } of cluster.apis)
    await eventually(
      async () => (await fetch(`${url}${feedPath()}`)).headers.get('x-feed-source'),
      source => source === 'model',
    )
}
