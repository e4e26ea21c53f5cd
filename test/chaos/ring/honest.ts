// Three days of honest reading, as rows: what readers, devices and anonymous viewers of many addresses opened, shared and kept.

import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { ArticleId, ReaderId } from '../../../src/base/id.ts'
import type { Random } from '../../../src/base/seeded-random.ts'
import { readerKey } from '../../../src/base/viewer-key.ts'
import type { Db } from '../../../src/engines/database/database.ts'

const DAY_MS = 86_400_000
const DAYS = 3
const OPENED = { min: 4, max: 12 }
const BATCH = 500

export async function insertHonestReading(
  db: Db,
  { addresses, articles, random }: { addresses: number; articles: ArticleId[]; random: Random },
): Promise<{ readers: string[] }> {
  const ids = Array.from({ length: addresses }, (_, i) => (2n ** 59n + BigInt(i)) as ReaderId)
  const isReader = ids.map(() => random.chance(0.6))
  const readerIds = ids.filter((_, i) => isReader[i])
  for (let i = 0; i < readerIds.length; i += BATCH)
    await db
      .insertInto('reader')
      .values(readerIds.slice(i, i + BATCH).map(id => ({ id, name: `honest ${id}` })))
      .execute()

  // Zipf, in an order that has nothing to do with age: some articles are read by most, most by few.
  const order = random.shuffle(articles)
  const weights = order.map((_, rank) => 1 / (rank + 3))
  const rows: { id: string; action: string; viewer: string | null; article_id: ArticleId; at: Date }[] = []
  for (const [i, id] of ids.entries()) {
    const viewer = isReader[i] ? readerKey(id) : random.chance(0.75) ? `dphone-${i}` : null
    const opened = new Set(Array.from({ length: random.int(OPENED.min, OPENED.max) }, () => order[random.weighted(weights)] as ArticleId))
    for (const article_id of opened) {
      const at = new Date(Date.now() - random.between(0.01, DAYS) * DAY_MS)
      const actions = ['click', ...(random.chance(0.5) ? ['read'] : []), ...(isReader[i] && random.chance(0.1) ? ['collect'] : [])]
      for (const action of actions) rows.push({ id: randomUUID(), action, viewer, article_id, at })
    }
  }
  for (let i = 0; i < rows.length; i += BATCH)
    await db
      .insertInto('behaviour')
      .values(rows.slice(i, i + BATCH))
      .execute()
  await makeDevicesOld(db)
  return { readers: readerIds.map(readerKey) }
}

/** Two in three of the devices have been coming for weeks. */
async function makeDevicesOld(db: Db): Promise<void> {
  await sql`update device set first_at = now() - interval '30 days' where hashtext(viewer) % 3 <> 0`.execute(db)
}
