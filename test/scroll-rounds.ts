// Many scroll to the end at once, while articles are published and pages are asked for again at random: what the feed
// promises has to hold for each of them.

import assert from 'node:assert/strict'
import type { ArticleId, ReaderId } from '../src/base/id.ts'
import { createRandom } from '../src/base/random.ts'
import { type Product, pause } from './product.ts'

export interface Scrolled {
  viewers: number
  pages: number
  askedAgain: number
  published: number
}

export async function scrollRounds(
  product: Product,
  options: { viewers: number; articles: number; perSecond: number; seed: number },
): Promise<Scrolled> {
  const { viewers, articles, perSecond, seed } = options
  const channel = await product.channel('快讯')
  const atStart = await product.publish(Array.from({ length: articles }, (_, i) => ({ channel, age: 60 + i })))
  const author = (await product.db.selectFrom('article').select('author_id').executeTakeFirstOrThrow()).author_id
  const counts: Scrolled = { viewers, pages: 0, askedAgain: 0, published: 0 }
  let over = false

  const publishing = (async () => {
    for (let id = atStart.at(-1) as bigint; !over; counts.published++) {
      id += 1n
      await publishOne(product, id as ArticleId, author, channel)
      await pause(1_000 / perSecond)
    }
  })()

  async function scroll(viewer: number): Promise<void> {
    const random = createRandom('scroll', seed, viewer)
    const headers = { authorization: `Anony viewer-${viewer}` }
    const ask = async (stamp: number) => {
      const { status, body } = await product.ask('GET', `/app/v1_1/articles?channel_id=0&with_top=1&timestamp=${stamp}`, undefined, {
        headers,
      })
      assert.equal(status, 200)
      return {
        ids: body.data.results.map((one: { art_id: bigint }) => one.art_id) as bigint[],
        next: body.data.pre_timestamp as number | null,
      }
    }
    const kept = new Map<number, bigint[]>()
    const shown: bigint[] = []
    for (let stamp: number | null = Date.now() + viewer; stamp !== null; ) {
      const page: { ids: bigint[]; next: number | null } = await ask(stamp)
      assert.equal(page.ids.length === 0, page.next === null, 'an empty page and no number come together')
      counts.pages++
      shown.push(...page.ids)
      if (page.next !== null) kept.set(stamp, page.ids)
      if (random.chance(0.2)) {
        const again = random.pick([...kept.keys()])
        assert.deepEqual((await ask(again)).ids, kept.get(again), 'a page changed')
        counts.askedAgain++
      }
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

async function publishOne({ db }: Product, id: ArticleId, author_id: ReaderId, channel_id: number): Promise<void> {
  await db
    .insertInto('article')
    .values({ id, author_id, channel_id, title: `刚刚 ${id}`, status: 2, published_at: new Date() })
    .execute()
  await db.insertInto('article_content').values({ article_id: id, html: '<p>刚刚</p>' }).execute()
}
