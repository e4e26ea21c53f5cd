// What the caches promise while a process or Redis is killed or frozen.

import assert from 'node:assert/strict'
import type { Cluster } from '../../support/cluster.ts'
import { eventually, pause } from '../../support/waiting.ts'
import { countLoads, fetchPatiently, idAt, metricOf, open, publish, quantile, round, type Timed, waitUntilUp } from './cluster.ts'

/** R13: the process that holds the lease is killed while it loads. The cluster has one process fewer afterwards. */
export async function killLoadingProcess(cluster: Cluster, { readers, timed }: Timed & { readers: number }): Promise<string> {
  const { apis, database, redis } = cluster
  await Promise.all(apis.map(api => waitUntilUp(api.url)))
  const victim = apis.pop() as Cluster['apis'][number]
  const urls = apis.map(api => api.url)
  const id = idAt(Date.now() - 60_000)
  await publish(database.db, [id])
  await pause(100)
  const loadsSince = await countLoads(urls)
  const lock = await database.pool.connect()
  await lock.query('begin; lock table article_content in access exclusive mode')
  const doomed = open(victim.url, id).catch(() => ({ status: 0 }))
  await eventually(
    () => redis.send<number>('EXISTS', `bs:{cache:article:${id}}:lease`),
    held => held === 1,
  )
  const asked = Promise.all(Array.from({ length: readers }, (_, i) => open(urls[i % urls.length] as string, id)))
  await pause(100)
  const killed = performance.now()
  victim.kill('SIGKILL')
  await victim.ended()
  // The query of the killed process may still wait for the lock.
  await lock.query('commit')
  lock.release()
  const answers = await asked
  const took = performance.now() - killed
  assert.equal((await doomed).status, 0)
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
  // Redis may be late on a busy machine.
  assert.ok((await loadsSince()) <= (timed ? 1 : urls.length), 'another process has loaded once')
  if (timed) assert.ok(took < 3_000, `${round(took)} ms`)
  return `lease holder killed: 1 query more, ${readers} answered ${round(took)} ms after the kill`
}

/** R10: Redis hangs, is killed and comes back while readers read, sign in and request codes. */
export async function interruptRedis(
  { apis, redis, database }: Cluster,
  { hungMs, downMs, restMs, timed }: Timed & { hungMs: number; downMs: number; restMs: number },
): Promise<string> {
  const { url } = apis[0] as Cluster['apis'][number]
  const ids = Array.from({ length: 20 }, () => idAt(Date.now() - 60_000))
  await publish(database.db, ids)
  const times: number[] = []
  const failures: string[] = []
  const ask = async (method: string, path: string, json?: unknown) => {
    const began = performance.now()
    const headers = { 'content-type': 'application/json' }
    const { status } = await fetchPatiently(url + path, { method, ...(json !== undefined && { headers, body: JSON.stringify(json) }) })
    times.push(performance.now() - began)
    return status
  }
  const readFor = async (ms: number) => {
    const end = performance.now() + ms
    await Promise.all(
      Array.from({ length: 4 }, async (_, reader) => {
        for (let i = reader; performance.now() < end; i += 4, await pause(restMs)) {
          const statuses = [
            await ask('POST', '/app/v1_0/authorizations', { mobile: `138${String(10_000_000 + (i % 1_000))}`, code: '246810' }),
            await ask('GET', `/v1_0/articles/${ids[i % ids.length]}`),
            await ask('GET', `/app/v1_1/articles?channel_id=0&timestamp=${Date.now()}&with_top=1`),
            await ask('GET', '/app/v1_0/channels'),
          ]
          if (statuses.some(status => status >= 300)) failures.push(statuses.join())
        }
      }),
    )
  }
  /** Waits until the caches use Redis again. Resolves to the milliseconds that took. */
  const waitForRecovery = async () => {
    const began = performance.now()
    const used = /^cache_requests_total\{cache="article",level="redis",outcome="(hit|miss|waited)"\}/
    const before = await metricOf([url], used)
    let i = 0
    await eventually(
      async () => {
        await open(url, idAt(Date.now() - 100_000_000 + i++))
        return metricOf([url], used)
      },
      count => count > before,
    )
    const ms = performance.now() - began
    if (timed) assert.ok(ms < 5_000, 'used again within five seconds')
    return ms
  }
  await readFor(300)
  times.length = 0
  redis.signal('SIGSTOP')
  await readFor(hungMs)
  const hung = { p99: quantile(times, 0.99), requests: times.length }
  redis.signal('SIGCONT')
  const afterHang = await waitForRecovery()
  times.length = 0
  await redis.kill()
  await readFor(downMs)
  const down = { p99: quantile(times, 0.99), requests: times.length }
  // An address may request a hundred codes an hour. The process counts them itself while Redis is down.
  const code = async (i: number) => (await fetch(`${url}/app/v1_0/sms/codes/139${10_000_000 + i}`)).status // sent once: each request is counted
  const codes = await Promise.all(Array.from({ length: 110 }, (_, i) => code(i)))
  await redis.start()
  const afterDown = await waitForRecovery()
  assert.deepEqual(failures, [])
  if (timed) assert.ok(hung.p99 <= 1_000 && down.p99 <= 1_000, `p99 ${round(hung.p99)} and ${round(down.p99)} ms`)
  assert.equal(codes.filter(status => status === 429).length, 10, 'limits hold while Redis is away')
  return `Redis hung ${hungMs / 1000} s: ${hung.requests} requests, all 2xx, p99 ${round(hung.p99)} ms, used again after ${round(afterHang)} ms; down ${downMs / 1000} s: ${down.requests}, p99 ${round(down.p99)} ms, again after ${round(afterDown)} ms`
}

/** R38: one process is frozen and continues; the others are not delayed. */
export async function freezeProcess({ apis, database }: Cluster, { ms, timed }: Timed & { ms: number }): Promise<string> {
  const [frozen, other] = apis.slice(-2) as [Cluster['apis'][number], Cluster['apis'][number]]
  const ids = Array.from({ length: 10 }, () => idAt(Date.now() - 60_000))
  await publish(database.db, ids)
  await Promise.all(ids.map(id => open(frozen.url, id)))
  frozen.kill('SIGSTOP')
  const waiting = ids.map(id => open(frozen.url, id))
  const times: number[] = []
  for (const end = performance.now() + ms; performance.now() < end; ) {
    const { status, ms: took } = await open(other.url, ids[times.length % 10] as bigint)
    assert.equal(status, 200)
    times.push(took)
  }
  frozen.kill('SIGCONT')
  assert.deepEqual(new Set((await Promise.all(waiting)).map(({ status }) => status)), new Set([200]))
  const began = performance.now()
  await waitUntilUp(frozen.url)
  if (timed) {
    assert.ok(performance.now() - began < 2_000, 'ready again')
    assert.ok(quantile(times, 0.99) < 500, `${round(quantile(times, 0.99))} ms`)
  }
  return `one process frozen for ${ms / 1000} s: p99 of another meanwhile ${round(quantile(times, 0.99))} ms, ready again after ${round(performance.now() - began)} ms`
}
