// Many viewers scroll to the end at once while articles are published, and request random pages again. The feed's promises
// must hold for each of them.

import assert from 'node:assert/strict'
import type { ArticleId, ReaderId } from '../../../src/base/id.ts'
import { createSeededRandom } from '../../../src/base/seeded-random.ts'
import type { Product } from '../../support/product.ts'
import { pause } from '../../support/waiting.ts'

/** New articles are inserted in batches, as from a wire service. */
const TICK_MS = 100
/** Less than the two minutes within which the first page can be requested again. */
const RETRY_MS = 100_000
/** Two hundred viewers begin at once, on two cores that the server and other tests use as well. */
const ANSWER_MS = 60_000
const FALLBACK_PAGES_MAX = 1_000

export interface ScrollFigures {
  viewers: number
  pages: number
  rechecked: number
  published: number
  /** Articles published per second, as measured. */
  perSecond: number
  /** The duration of the slowest answer. */
  slowestMs: number
  /** Answers with status 503: none on an idle machine. */
  busy: number
  /** Fallback pages, which were requested again: none on an idle machine. */
  fallbackPages: number
  /** Number of pages by their X-Feed-Source. */
  sources: Record<string, number>
}

export async function runScrolls(
  product: Product,
  options: { viewers: number; articles: number; perSecond: number; seed: number; readMs: number },
): Promise<ScrollFigures> {
  const { viewers, articles, perSecond, seed, readMs } = options
  const channel = await product.createChannel('快讯')
  const atStart = await product.publish(Array.from({ length: articles }, (_, i) => ({ channel, ageSeconds: 60 + i })))
  const author = (await product.db.selectFrom('article').select('author_id').executeTakeFirstOrThrow()).author_id
  const figures: ScrollFigures = {
    viewers,
    pages: 0,
    rechecked: 0,
    published: 0,
    perSecond: 0,
    slowestMs: 0,
    busy: 0,
    fallbackPages: 0,
    sources: {},
  }
  let done = false

  const publishing = (async () => {
    const began = performance.now()
    let id = atStart.at(-1) as bigint
    for (let due = 0; !done; due = Math.floor(((performance.now() - began) * perSecond) / 1_000) - figures.published) {
      const ids = Array.from({ length: due }, () => (id += 1n) as ArticleId)
      if (due > 0) await publishAll(product, ids, author, channel)
      figures.published += due
      figures.perSecond = Math.round((figures.published / (performance.now() - began)) * 10_000) / 10
      await pause(TICK_MS)
    }
  })()

  async function scroll(viewer: number): Promise<void> {
    const random = createSeededRandom('scroll', seed, viewer)
    const headers = { authorization: `Anony viewer-${viewer}` }
    const loadPage = async (cursor: number): Promise<{ ids: bigint[]; next: number | null }> => {
      const began = performance.now()
      const path = `/app/v1_1/articles?channel_id=0&with_top=1&timestamp=${cursor}`
      const { status, body, headers: answerHeaders } = await product.request('GET', path, undefined, { headers, timeoutMs: ANSWER_MS })
      figures.slowestMs = Math.max(figures.slowestMs, Math.round(performance.now() - began))
      if (status === 503) {
        // The server is busy: the client tries again.
        figures.busy++
        await pause(Number(answerHeaders.get('retry-after')) * 1_000)
        return loadPage(cursor)
      }
      assert.equal(status, 200)
      const source = answerHeaders.get('x-feed-source') ?? ''
      figures.sources[source] = (figures.sources[source] ?? 0) + 1
      if (source !== 'model' && source !== 'remainder') {
        // A fallback page does not belong to this feed session.
        figures.fallbackPages++
        assert.ok(figures.fallbackPages < FALLBACK_PAGES_MAX, `the machine is too busy for this test: ${JSON.stringify(figures)}`)
        await pause(TICK_MS)
        return loadPage(cursor)
      }
      return {
        ids: body.data.results.map((one: { art_id: bigint }) => one.art_id) as bigint[],
        next: body.data.pre_timestamp as number | null,
      }
    }
    const served = new Map<number, bigint[]>()
    const began = performance.now()
    const shown: bigint[] = []
    const firstCursor = Date.now() + viewer
    for (let cursor: number | null = firstCursor; cursor !== null; ) {
      const page: { ids: bigint[]; next: number | null } = await loadPage(cursor)
      assert.equal(page.ids.length === 0, page.next === null, 'an empty page is the last one')
      figures.pages++
      shown.push(...page.ids)
      if (page.next !== null) served.set(cursor, page.ids)
      if (random.chance(0.2) && served.size > 0) {
        // After two minutes the first cursor, a time of the clock, means a new page.
        if (performance.now() - began > RETRY_MS) served.delete(firstCursor)
        const again = random.pick([...served.keys()])
        assert.deepEqual((await loadPage(again)).ids, served.get(again), 'a page changed')
        figures.rechecked++
      }
      // Viewers read for a while before they scroll on.
      if (readMs > 0) await pause(readMs * (0.5 + random.next()))
      cursor = page.next
    }
    const distinct = new Set(shown)
    assert.equal(distinct.size, shown.length, 'an article was shown twice')
    for (const id of atStart) assert.ok(distinct.has(id), 'the feed ended before every article was shown')
  }

  // Viewers do not reach the end while articles are published faster than they scroll, so publishing stops after a while.
  const scrolls = Array.from({ length: viewers }, (_, viewer) => scroll(viewer))
  const stop = setTimeout(() => (done = true), 20_000)
  await Promise.all(scrolls).finally(() => {
    done = true
    clearTimeout(stop)
  })
  await publishing
  return figures
}

async function publishAll({ db }: Product, ids: ArticleId[], author_id: ReaderId, channel_id: number): Promise<void> {
  const published_at = new Date()
  await db
    .insertInto('article')
    .values(ids.map(id => ({ id, author_id, channel_id, title: `刚刚 ${id}`, status: 2, published_at })))
    .execute()
  await db
    .insertInto('article_content')
    .values(ids.map(id => ({ article_id: id, html: '<p>刚刚</p>' })))
    .execute()
}
