// Many scroll to the end at once, while articles are published and pages are asked for again at random: what the feed
// promises has to hold for each of them.

import assert from 'node:assert/strict'
import type { ArticleId, ReaderId } from '../../../src/base/id.ts'
import { createSeededRandom } from '../../../src/base/seeded-random.ts'
import { type Product } from '../../support/product.ts'
import { pause } from '../../support/waiting.ts'

/** Newcomers go in together, as from a wire service: one statement for what has come due. */
const TICK_MS = 100
/** Less than the two minutes in which a refresh may be asked for again. */
const RETRY_MS = 100_000
/** Two hundred who begin at once, beside the server they ask and its database, on two cores that others use as well. */
const ANSWER_MS = 60_000
const STOOD_IN_MOST = 1_000

export interface Scrolled {
  viewers: number
  pages: number
  askedAgain: number
  published: number
  /** Articles a second that were really published, while it lasted. */
  perSecond: number
  /** How long the longest answer took. */
  slowestMs: number
  /** Answers that there was no time: none, unless the machine has others to serve. */
  busy: number
  /** Pages that had to be asked for once more, because something simpler stood in for the recommender: as rare. */
  stoodIn: number
  /** Pages by where they came from. */
  sources: Record<string, number>
}

export async function runScrolls(
  product: Product,
  options: { viewers: number; articles: number; perSecond: number; seed: number; readMs: number },
): Promise<Scrolled> {
  const { viewers, articles, perSecond, seed, readMs } = options
  const channel = await product.createChannel('快讯')
  const atStart = await product.publish(Array.from({ length: articles }, (_, i) => ({ channel, ageSeconds: 60 + i })))
  const author = (await product.db.selectFrom('article').select('author_id').executeTakeFirstOrThrow()).author_id
  const counts: Scrolled = { viewers, pages: 0, askedAgain: 0, published: 0, perSecond: 0, slowestMs: 0, busy: 0, stoodIn: 0, sources: {} }
  let over = false

  const publishing = (async () => {
    const began = performance.now()
    let id = atStart.at(-1) as bigint
    for (let due = 0; !over; due = Math.floor(((performance.now() - began) * perSecond) / 1_000) - counts.published) {
      const ids = Array.from({ length: due }, () => (id += 1n) as ArticleId)
      if (due > 0) await publishAll(product, ids, author, channel)
      counts.published += due
      counts.perSecond = Math.round((counts.published / (performance.now() - began)) * 10_000) / 10
      await pause(TICK_MS)
    }
  })()

  async function scroll(viewer: number): Promise<void> {
    const random = createSeededRandom('scroll', seed, viewer)
    const headers = { authorization: `Anony viewer-${viewer}` }
    const ask = async (stamp: number): Promise<{ ids: bigint[]; next: number | null }> => {
      const began = performance.now()
      const path = `/app/v1_1/articles?channel_id=0&with_top=1&timestamp=${stamp}`
      const { status, body, headers: said } = await product.request('GET', path, undefined, { headers, timeoutMs: ANSWER_MS })
      counts.slowestMs = Math.max(counts.slowestMs, Math.round(performance.now() - began))
      if (status === 503) {
        // "Busy": as clients do, the same is asked for again.
        counts.busy++
        await pause(Number(said.get('retry-after')) * 1_000)
        return ask(stamp)
      }
      assert.equal(status, 200)
      const source = said.get('x-feed-source') ?? ''
      counts.sources[source] = (counts.sources[source] ?? 0) + 1
      if (source !== 'model' && source !== 'remainder') {
        // What stands in is a list, and no page of this scroll.
        counts.stoodIn++
        assert.ok(counts.stoodIn < STOOD_IN_MOST, `the machine is too busy for this: ${JSON.stringify(counts)}`)
        await pause(TICK_MS)
        return ask(stamp)
      }
      return {
        ids: body.data.results.map((one: { art_id: bigint }) => one.art_id) as bigint[],
        next: body.data.pre_timestamp as number | null,
      }
    }
    const kept = new Map<number, bigint[]>()
    const began = performance.now()
    const shown: bigint[] = []
    const first = Date.now() + viewer
    for (let stamp: number | null = first; stamp !== null; ) {
      const page: { ids: bigint[]; next: number | null } = await ask(stamp)
      assert.equal(page.ids.length === 0, page.next === null, 'an empty page and no number come together')
      counts.pages++
      shown.push(...page.ids)
      if (page.next !== null) kept.set(stamp, page.ids)
      if (random.chance(0.2) && kept.size > 0) {
        // The number of the clock with which it began means a new page again after two minutes.
        if (performance.now() - began > RETRY_MS) kept.delete(first)
        const again = random.pick([...kept.keys()])
        assert.deepEqual((await ask(again)).ids, kept.get(again), 'a page changed')
        counts.askedAgain++
      }
      // Everybody reads for a while before they scroll on.
      if (readMs > 0) await pause(readMs * (0.5 + random.next()))
      stamp = page.next
    }
    const all = new Set(shown)
    assert.equal(all.size, shown.length, 'an article came twice within a scroll')
    for (const id of atStart) assert.ok(all.has(id), 'the feed ended before everything was shown')
  }

  // Nobody can reach the end while articles come quicker than they scroll, so publishing stops once all are on their way.
  const scrolls = Array.from({ length: viewers }, (_, viewer) => scroll(viewer))
  const stop = setTimeout(() => (over = true), 20_000)
  await Promise.all(scrolls).finally(() => {
    over = true
    clearTimeout(stop)
  })
  await publishing
  return counts
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
