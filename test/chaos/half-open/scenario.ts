// A network that from one moment on swallows everything between a process and what it stands on, as a firewall does that
// forgot its connections. For tests: once in every run, with the times promised in test/chaos.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cleanup } from '../../support/cleanup.ts'
import { startServer } from '../../support/server-process.ts'
import { startTcpProxy } from '../../support/tcp-proxy.ts'
import { eventually, PATIENCE_MS, pause } from '../../support/waiting.ts'
import { idAt, openCluster, publish, type Timed } from '../cache/scenario.ts'

interface Asked {
  path: string
  ms: number
  status: number
  source: string | null
}

const PATHS = (id: bigint) => [
  `/v1_0/articles/${id}`,
  '/app/v1_0/channels',
  `/app/v1_1/articles?channel_id=1&timestamp=${Date.now()}&with_top=0`,
]

/** Within this each is answered, and it is well again. */
const SOON_MS = 5_000

/** R39: PostgreSQL, Redis and the recommender, each swallowed for a while. What is swallowed stays so: any answer shows that it was given up. */
export async function swallowConnections({ swallowMs, timed }: Timed & { swallowMs: number }): Promise<string> {
  const { database, redis, recommender } = await openCluster(1)
  const at = new URL(database.url)
  const proxies = {
    postgres: await startTcpProxy(Number(at.port), at.hostname),
    redis: await startTcpProxy(redis.port),
    recommender: await startTcpProxy(Number(recommender.grpc.split(':').at(-1))),
  }
  at.host = `127.0.0.1:${proxies.postgres.port}`
  const dataDir = await mkdtemp(join(tmpdir(), 'broadsheet-half-open-'))
  const server = await startServer(undefined, dataDir, {
    ROLES: 'api',
    DATABASE_URL: String(at),
    REDIS_URL: `redis://127.0.0.1:${proxies.redis.port}`,
    RECOMMENDER_ADDRESS: `127.0.0.1:${proxies.recommender.port}`,
    LOG_LEVEL: 'silent',
  })
  cleanup(async () => {
    server.kill('SIGKILL')
    await server.ended
    await rm(dataDir, { recursive: true, force: true })
  })
  const ids = Array.from({ length: 200 }, () => idAt(Date.now() - 60_000))
  await publish(database.db, ids)

  let turn = 0
  const ask = async (which = turn % 3): Promise<Asked> => {
    const began = performance.now()
    const path = PATHS(ids[turn++ % ids.length] as bigint)[which] as string
    const answer = await fetch(server.url + path, { signal: AbortSignal.timeout(60_000) })
    await answer.arrayBuffer()
    return { path, ms: performance.now() - began, status: answer.status, source: answer.headers.get('x-feed-source') }
  }
  const isWell = ({ status, source }: Asked) => status === 200 && (source === null || ['model', 'remainder'].includes(source))
  /** Three times, everything that is asked: one after the other, for on a busy machine the recommender is late for a few of many. */
  const untilWell = async () => {
    const began = performance.now()
    for (const which of [0, 1, 2, 0, 1, 2, 0, 1, 2]) await eventually(() => ask(which), isWell, 3 * PATIENCE_MS)
    return performance.now() - began
  }

  const said: string[] = []
  for (const [what, proxy] of Object.entries(proxies)) {
    await untilWell()
    proxy.blackhole()
    const asked: Promise<Asked>[] = []
    for (const end = performance.now() + swallowMs; performance.now() < end; await pause(50)) asked.push(ask())
    proxy.heal()
    const back = await untilWell()
    const answers = await Promise.all(asked)
    const last = answers.reduce((a, b) => (b.ms > a.ms ? b : a))
    const slowest = last.ms
    const failed = answers.filter(({ status }) => status !== 200)
    assert.deepEqual(new Set(failed.map(({ status }) => status)), new Set(what === 'postgres' && failed.length > 0 ? [503] : []), what)
    if (timed) {
      assert.ok(slowest <= SOON_MS, `${what}: somebody waited ${Math.round(slowest)} ms for ${last.path}, and was told ${last.status}`)
      assert.ok(back <= SOON_MS, `${what}: well again after ${Math.round(back)} ms`)
    }
    said.push(
      `${what}: ${answers.length} asked, ${failed.length} told to come again, slowest ${Math.round(slowest)} ms, well ${Math.round(back)} ms after`,
    )
  }
  return `swallowed for ${swallowMs / 1000} s each: ${said.join('; ')}`
}
