// Articles appear one after the other while viewers ask for first pages, in a catalogue that is warm: how long until one is on a page?

import { sql } from 'kysely'
import { createSeededRandom } from '../../../src/base/seeded-random.ts'
import type { Product } from '../../support/product.ts'
import { createRowWriter } from '../../support/product-rows.ts'
import { eventually, pause } from '../../support/waiting.ts'

const ASK_EVERY_MS = 100
const PATIENCE_MS = 30_000
const BATCH = 500 // rows of a transaction
/** 35,000 articles that come at once through the change log. */
const LOADING_MS = 200_000

export type Traffic = 'anonymous' | 'devices'

/** Articles up to three weeks old, two thirds of which readers opened in the last days. */
export async function warmUp({ db, createChannel, metrics }: Product, articles: number) {
  const channel = await createChannel('要闻')
  const [first] = await createRowWriter(db).insertArticles([{ channel }])
  const { author_id } = await db
    .selectFrom('article')
    .select('author_id')
    .where('id', '=', first as bigint as never)
    .executeTakeFirstOrThrow()
  for (let from = 1; from <= articles; from += BATCH) {
    const rows = sql`generate_series(${from}::int, ${Math.min(from + BATCH - 1, articles)}::int) i`
    await sql`insert into article (id, author_id, channel_id, title, status, published_at)
      select ${first}::bigint + 1000000 + i, ${author_id}::bigint, ${channel}::int, '旧闻 ' || i, 2, now() - interval '3 days' - i * interval '50 seconds'
        from ${rows}`.execute(db)
    await sql`insert into behaviour (id, action, viewer, article_id, at)
      select gen_random_uuid(), 'click', 'r' || (1 + i % 300), ${first}::bigint + 1000000 + ${from} + (i * 7919) % (1 + i - ${from}), now() - (i % 4000) * interval '1 minute'
        from ${rows}`.execute(db)
  }
  await eventually(
    async () => Number(/^catalogue_articles (\d+)$/m.exec(await metrics())?.[1]),
    loaded => loaded > articles,
    LOADING_MS,
  )
  return { channel, author: author_id }
}

/** Milliseconds from each article's row to the first page that has it. */
export async function measureFirstImpressions(
  product: Product,
  { channel, author }: Awaited<ReturnType<typeof warmUp>>,
  { traffic, articles }: { traffic: Traffic; articles: number },
): Promise<number[]> {
  const { db, request } = product
  const random = createSeededRandom('first impressions', traffic)
  const firstPage = async (asked: number): Promise<bigint[]> => {
    const headers: Record<string, string> = traffic === 'devices' ? { authorization: `Anony first-${asked % 20}` } : {}
    const path = `/app/v1_1/articles?channel_id=0&with_top=0&timestamp=${Date.now()}`
    const { body } = await request('GET', path, undefined, { headers })
    return (body.data?.results ?? []).map((one: { art_id: bigint }) => one.art_id)
  }
  const times: number[] = []
  let id = (await db.selectFrom('article').select('id').orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()).id as bigint
  for (let i = 0, asked = 0; i < articles; i++) {
    await pause(random.int(0, 1_000))
    id += 1n
    await db
      .insertInto('article')
      .values({ id: id as never, author_id: author, channel_id: channel, title: `新闻 ${id}`, status: 2, published_at: new Date() })
      .execute()
    const began = performance.now()
    while (!(await firstPage(asked++)).includes(id) && performance.now() - began < PATIENCE_MS) await pause(ASK_EVERY_MS)
    times.push(Math.round(performance.now() - began))
  }
  return times
}
