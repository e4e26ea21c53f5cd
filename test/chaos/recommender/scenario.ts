// A recommender in a process of its own is killed, frozen or cut off while readers refresh without a pause.

import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { REMOTE_LIMITS } from '../../../src/recommend/resilient-recommender.ts'
import { assertFallbackPage, idsOf, sourceOf } from '../../support/feed-pages.ts'
import { type Product, startProduct } from '../../support/product.ts'
import { createDataFolder, type ServerProcess, startServer } from '../../support/server-process.ts'
import { startTcpProxy } from '../../support/tcp-proxy.ts'
import { eventually, pause } from '../../support/waiting.ts'

// Eleven processes share the sixty connections of the server with other tests.
const SETTINGS = { TRACE_KEY: 't'.repeat(32), TOKEN_KEY: 'o'.repeat(32), DATABASE_CONNECTIONS: '5' }
/** The recommender's deadline, and 50 ms for the feed itself. */
const ANSWER_MS_MAX = REMOTE_LIMITS.deadlineMs + 50

interface Timing {
  /** Asserts how long readers wait: only if nothing else runs on the machine. */
  timed?: boolean
}

interface PageFacts {
  ms: number
  source: string | null
  status: number
  count: number
}

/** `restMs`: between two refreshes of a reader. */
export async function openRecommenderScenario(restMs: number) {
  const whole = await startProduct({ env: SETTINGS, alwaysEmbedded: true })
  const channel = await whole.createChannel('科技')
  const published = await whole.publish(Array.from({ length: 60 }, (_, i) => ({ channel, ageSeconds: i * 60 })))

  const refresh = (product: Product) =>
    product.request('GET', `/app/v1_1/articles?channel_id=${channel}&timestamp=${Date.now()}&with_top=0`)

  async function startRecommender(t: TestContext, dataDir: string, port = '0'): Promise<ServerProcess> {
    const env = { ...SETTINGS, DATABASE_URL: whole.databaseUrl, ROLES: 'recommender', GRPC_PORT: port, LOG_LEVEL: 'silent' }
    return startServer(t, dataDir, env)
  }

  /** An API process on the same database. */
  async function startApi(t: TestContext, address: string): Promise<Product> {
    const product = await startProduct({
      env: { ...SETTINGS, DATABASE_URL: whole.databaseUrl, ROLES: 'api', RECOMMENDER_ADDRESS: address },
    })
    t.after(() => product.app.close())
    return product
  }

  /** An API process that already gets its pages from the recommender. */
  async function startRankedApi(t: TestContext, address: string): Promise<Product> {
    const product = await startApi(t, address)
    await waitUntilRanked(product)
    for (let i = 0; i < 20; i++) await refresh(product) // the first requests are slow, as their code is compiled
    return product
  }

  /** Waits until pages come from the recommender again. Resolves to the milliseconds that took. */
  async function waitUntilRanked(product: Product): Promise<number> {
    const began = performance.now()
    await eventually(
      () => refresh(product),
      one => sourceOf(one) === 'model',
    )
    return Math.round(performance.now() - began)
  }

  /** Refreshes until the returned function is called, which resolves to all answers. */
  function keepRefreshing(product: Product, pauseMs = restMs) {
    const answers: PageFacts[] = []
    let stopped = false
    const done = (async () => {
      for (; !stopped; await pause(pauseMs)) {
        const began = performance.now()
        const answer = await refresh(product)
        answers.push({ ms: performance.now() - began, source: sourceOf(answer), status: answer.status, count: idsOf(answer).length })
      }
    })()
    return async () => {
      stopped = true
      await done
      return answers
    }
  }

  function assertWellServed(t: TestContext, answers: PageFacts[], { timed }: Timing) {
    assert.deepEqual(
      answers.filter(one => one.status !== 200 || one.count !== 10),
      [],
    )
    const times = answers.map(one => one.ms).toSorted((a, b) => a - b)
    const model = answers.filter(one => one.source === 'model').length
    t.diagnostic(`${model} from the model, ${answers.length - model} fallback pages, the slowest took ${Math.round(times.at(-1) ?? 0)} ms`)
    // One in twenty may be delayed by something else on the machine, though not for long.
    if (timed)
      assert.ok(
        (times[Math.floor(times.length * 0.95)] as number) <= ANSWER_MS_MAX && (times.at(-1) as number) < 1_000,
        `readers waited ${times.slice(-5)} ms`,
      )
  }

  /** A recommender, and an API process that gets its pages from it. */
  async function startBoth(t: TestContext) {
    const dataDir = await createDataFolder(t)
    const first = await startRecommender(t, dataDir)
    return { dataDir, first, product: await startRankedApi(t, first.grpc) }
  }
  type Both = Awaited<ReturnType<typeof startBoth>>

  return {
    startBoth,

    async kill(t: TestContext, timing: Timing = {}, both?: Both) {
      const { dataDir, first, product } = both ?? (await startBoth(t))
      const stop = keepRefreshing(product)
      await pause(200)
      first.kill('SIGKILL')
      await first.ended()
      await pause(500)
      assertFallbackPage(await refresh(product), published)
      assertWellServed(t, await stop(), timing)
      const again = await startRecommender(t, dataDir, first.grpc.split(':')[1])
      t.diagnostic(`ranked pages ${await waitUntilRanked(product)} ms after it was ready`)
      again.kill('SIGTERM')
      assert.equal((await again.ended()).code, 0)
    },

    /** A frozen recommender answers nothing, so no page may come from it. */
    async freeze(t: TestContext, { forMs, ...timing }: Timing & { forMs: number }, both?: Both) {
      const { first, product } = both ?? (await startBoth(t))
      first.kill('SIGSTOP')
      const stop = keepRefreshing(product, Math.max(restMs, forMs / 150))
      await pause(forMs)
      assertFallbackPage(await refresh(product), published)
      const answers = await stop()
      first.kill('SIGCONT')
      t.diagnostic(`ranked pages ${await waitUntilRanked(product)} ms after it woke`)
      for (const { source } of answers) assert.notEqual(source, 'model')
      assertWellServed(t, answers, timing)
    },

    /** The network drops all traffic, with `early` before the first byte, and heals. Connections that were dropped never recover. */
    async dropConnections(t: TestContext, { early }: { early: boolean }) {
      const proxy = await startTcpProxy(Number(whole.grpc.split(':')[1]))
      if (early) proxy.blackhole()
      const product = early ? await startApi(t, `127.0.0.1:${proxy.port}`) : await startRankedApi(t, `127.0.0.1:${proxy.port}`)
      proxy.blackhole()
      const stop = keepRefreshing(product)
      await pause(2_500) // connections made meanwhile are dropped too
      assertFallbackPage(await refresh(product), published)
      const answers = await stop()
      proxy.heal()
      t.diagnostic(`ranked pages ${await waitUntilRanked(product)} ms after the network healed`)
      assertWellServed(t, answers, {})
    },
  }
}
