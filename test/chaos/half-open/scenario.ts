// From one moment on the network drops all packets between an API process and PostgreSQL, Redis or the recommender, like a
// firewall that lost its connection table. Old connections never recover: an answer shows that the process gave them up.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { CONNECT_MS } from '../../../src/engines/database/database.ts'
import { startProduct } from '../../support/product.ts'
import { startRedis } from '../../support/redis.ts'
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts'
import { eventually, PATIENCE_MS, pause } from '../../support/waiting.ts'

const MAX_MS = 5_000 // promised for an answer, and for the return of full service
const ARTICLES = 200

interface TimedAnswer {
  path: string
  ms: number
  status: number
  source: string | null
}

/** R39. Returns a line of figures. */
export async function blackholeConnections({ blackholeMs }: { blackholeMs: number }): Promise<string> {
  const { url, proxies, ids, channel } = await startBehindProxies()
  let requests = 0
  const request = async (kind = requests % 4): Promise<TimedAnswer> => {
    const began = performance.now()
    const [path, body] = requestsFor(ids[requests++ % ids.length] as bigint, channel)[kind] as [string, object?]
    const headers = { authorization: `Anony device-${requests}`, 'content-type': 'application/json' }
    const options = body ? { method: 'POST', headers, body: JSON.stringify(body) } : {}
    const answer = await fetch(url + path, { ...options, signal: AbortSignal.timeout(60_000) })
    await answer.arrayBuffer()
    return { path, ms: performance.now() - began, status: answer.status, source: answer.headers.get('x-feed-source') }
  }
  /** Each kind of request three times, one after another: on a busy machine the recommender is late for some of many at once. */
  const waitForFullService = async () => {
    const began = performance.now()
    for (const kind of [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]) await eventually(() => request(kind), isFullService, 3 * PATIENCE_MS)
    return performance.now() - began
  }

  const figures: string[] = []
  for (const [name, proxy] of Object.entries(proxies)) {
    await waitForFullService()
    proxy.blackhole()
    const pending: Promise<TimedAnswer>[] = []
    for (const end = performance.now() + blackholeMs; performance.now() < end; await pause(50)) pending.push(request())
    proxy.heal()
    const recoveryMs = await waitForFullService()
    const answers = await Promise.all(pending)
    const slowest = answers.reduce((a, b) => (b.ms > a.ms ? b : a))
    const failed = answers.filter(({ status }) => status >= 300)
    const allowed = name === 'postgres' && failed.length > 0 ? [503] : []
    assert.deepEqual(new Set(failed.map(({ status }) => status)), new Set(allowed), name)
    assert.ok(slowest.ms <= MAX_MS, `${name}: ${slowest.path} took ${Math.round(slowest.ms)} ms, status ${slowest.status}`)
    assert.ok(recoveryMs <= MAX_MS, `${name}: full service after ${Math.round(recoveryMs)} ms`)
    figures.push(
      `${name}: ${answers.length} requests, ${failed.length} answered 503, slowest ${Math.round(slowest.ms)} ms, full service after ${Math.round(recoveryMs)} ms`,
    )
  }
  return `connections dropped for ${blackholeMs / 1000} s each: ${figures.join('; ')}`
}

/** A path, and what is sent there. */
const requestsFor = (id: bigint, channel: number): [string, object?][] => [
  [`/v1_0/articles/${id}`],
  ['/app/v1_0/channels'],
  [`/app/v1_1/articles?channel_id=${channel}&timestamp=${Date.now()}&with_top=0`],
  ['/v1/behaviours', { events: [{ id: randomUUID(), action: 'click', article_id: String(id), at: Date.now() }] }],
]

const isFullService = ({ status, source }: TimedAnswer) => status < 300 && (source === null || ['model', 'remainder'].includes(source))

/** An API process that reaches each of its dependencies through a proxy. */
async function startBehindProxies() {
  const redis = await startRedis()
  const keys = { TOKEN_KEY: 'k'.repeat(32), TRACE_KEY: 't'.repeat(32) }
  const whole = await startProduct({ env: { REDIS_URL: redis.url, ...keys }, alwaysEmbedded: true })
  const databaseUrl = new URL(whole.databaseUrl)
  const proxies: Record<string, TcpProxy> = {
    postgres: await startTcpProxy(Number(databaseUrl.port), databaseUrl.hostname),
    redis: await startTcpProxy(redis.port),
    recommender: await startTcpProxy(Number(whole.grpc.split(':').at(-1))),
  }
  databaseUrl.host = `127.0.0.1:${proxies.postgres?.port}`
  const { url } = await startProduct({
    connectMs: CONNECT_MS,
    env: {
      ...keys,
      ROLES: 'api',
      DATABASE_URL: String(databaseUrl),
      REDIS_URL: `redis://127.0.0.1:${proxies.redis?.port}`,
      RECOMMENDER_ADDRESS: `127.0.0.1:${proxies.recommender?.port}`,
    },
  })
  const channel = await whole.createChannel('科技')
  const ids = await whole.publish(Array.from({ length: ARTICLES }, () => ({ channel })))
  return { url, proxies, ids, channel }
}
