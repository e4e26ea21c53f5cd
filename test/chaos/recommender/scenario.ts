// The recommender in a process of its own, killed or frozen while readers refresh without a pause. For tests: once each in
// every run; in test/chaos with the times that readers may wait, which mean something only where nothing else runs.

import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { assertFallbackPage, idsOf, sourceOf } from '../../support/feed-pages.ts'
import { type Product, startProduct } from '../../support/product.ts'
import { createDataFolder, type ServerProcess, startServer } from '../../support/server-process.ts'
import { startTcpProxy } from '../../support/tcp-proxy.ts'
import { eventually, pause } from '../../support/waiting.ts'

// There are eleven of them at once, and other tests beside: the server has sixty connections for all.
const SETTINGS = { TRACE_KEY: 't'.repeat(32), TOKEN_KEY: 'o'.repeat(32), DATABASE_CONNECTIONS: '5' }
/** What src/app/ranking.ts gives the recommender, and the 50 ms that the feed itself may take. */
const SLOWEST_MS = 150 + 50

export interface Trouble {
  /** Whether readers may wait no longer than an idle machine makes them. */
  timed?: boolean
}

interface Served {
  ms: number
  source: string | null
  status: number
  count: number
}

export async function openRecommenderScenario() {
  const whole = await startProduct({ env: SETTINGS, alwaysEmbedded: true })
  const channel = await whole.createChannel('科技')
  const published = await whole.publish(Array.from({ length: 60 }, (_, i) => ({ channel, ageSeconds: i * 60 })))

  const refresh = (product: Product) =>
    product.request('GET', `/app/v1_1/articles?channel_id=${channel}&timestamp=${Date.now()}&with_top=0`)

  async function recommender(t: TestContext, dataDir: string, port = '0'): Promise<ServerProcess> {
    const env = { ...SETTINGS, DATABASE_URL: whole.databaseUrl, ROLES: 'recommender', GRPC_PORT: port, LOG_LEVEL: 'silent' }
    return startServer(t, dataDir, env)
  }

  /** Serves readers of the same database. */
  async function serving(t: TestContext, address: string): Promise<Product> {
    const product = await startProduct({
      env: { ...SETTINGS, DATABASE_URL: whole.databaseUrl, ROLES: 'api', RECOMMENDER_ADDRESS: address },
    })
    t.after(() => product.app.close())
    return product
  }

  /** The same, and has been answered by its recommender. */
  async function api(t: TestContext, address: string): Promise<Product> {
    const product = await serving(t, address)
    await ranked(product)
    for (let i = 0; i < 20; i++) await refresh(product) // the first requests compile what they run
    return product
  }

  /** A recommender that was given a rest is tried again by itself. */
  async function ranked(product: Product): Promise<number> {
    const began = performance.now()
    await eventually(
      () => refresh(product),
      one => sourceOf(one) === 'model',
    )
    return Math.round(performance.now() - began)
  }

  /** Refreshes again and again until told to stop. */
  function refreshing(product: Product, restMs: number) {
    const answers: Served[] = []
    let stopped = false
    const done = (async () => {
      for (; !stopped; await pause(restMs)) {
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

  function wellServed(t: TestContext, answers: Served[], { timed }: Trouble) {
    assert.deepEqual(
      answers.filter(one => one.status !== 200 || one.count !== 10),
      [],
    )
    const times = answers.map(one => one.ms).toSorted((a, b) => a - b)
    const model = answers.filter(one => one.source === 'model').length
    t.diagnostic(`${model} from the model, ${answers.length - model} simpler, the slowest took ${Math.round(times.at(-1) ?? 0)} ms`)
    // One in twenty may be held up by what else this machine does, though not for long.
    if (timed)
      assert.ok(
        (times[Math.floor(times.length * 0.95)] as number) <= SLOWEST_MS && (times.at(-1) as number) < 1_000,
        `readers waited ${times.slice(-5)} ms`,
      )
  }

  return {
    async killed(t: TestContext, trouble: Trouble = {}) {
      const dataDir = await createDataFolder(t)
      const first = await recommender(t, dataDir)
      const product = await api(t, first.grpc)
      const stop = refreshing(product, 10)
      await pause(200)
      first.kill('SIGKILL')
      await first.ended
      await pause(500)
      assertFallbackPage(await refresh(product), published)
      wellServed(t, await stop(), trouble)
      const again = await recommender(t, dataDir, first.grpc.split(':')[1])
      t.diagnostic(`back ${await ranked(product)} ms after it was ready`)
      again.kill('SIGTERM')
      assert.equal((await again.ended).code, 0)
    },

    /** It answers nothing as long as it is frozen, so that whatever is answered then was not waited for. */
    async frozen(t: TestContext, { forMs, ...trouble }: Trouble & { forMs: number }) {
      const one = await recommender(t, await createDataFolder(t))
      const product = await api(t, one.grpc)
      one.kill('SIGSTOP')
      const stop = refreshing(product, forMs / 150)
      await pause(forMs)
      assertFallbackPage(await refresh(product), published)
      const answers = await stop()
      one.kill('SIGCONT')
      t.diagnostic(`back ${await ranked(product)} ms after it woke`)
      for (const { source } of answers) assert.notEqual(source, 'model')
      wellServed(t, answers, trouble)
    },

    /** The network between swallows everything, `early` before the first byte, and heals; what it has swallowed stays so. */
    async swallowed(t: TestContext, { early }: { early: boolean }) {
      const proxy = await startTcpProxy(Number(whole.grpc.split(':')[1]))
      if (early) proxy.blackhole()
      const product = early ? await serving(t, `127.0.0.1:${proxy.port}`) : await api(t, `127.0.0.1:${proxy.port}`)
      proxy.blackhole()
      const stop = refreshing(product, 10)
      await pause(2_500) // connections made meanwhile are swallowed too
      assertFallbackPage(await refresh(product), published)
      const answers = await stop()
      proxy.heal()
      t.diagnostic(`back ${await ranked(product)} ms after the network was`)
      wellServed(t, answers, {})
    },
  }
}
