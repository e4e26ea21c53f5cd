import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts'
import { DAY, HOUR } from '../../base/clock.ts'
import type { ArticleId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { createReadersLike } from '../factors/readers-like.ts'
import { createRankedBuffers } from '../pages/ranked-buffer.ts'
import { onePolicy } from '../policy/policies.ts'
import { createCovisits } from '../sources/covisits.ts'
import { listNewestClicks } from './catalogue.sql.ts'
import { createCatalogue } from './catalogue.ts'
import { startCatalogueConsumer } from './consumer.ts'

let database: TestDatabase
const target = 10n as ArticleId
const now = Date.now()
const midnight = Math.floor(now / DAY) * DAY

before(async () => {
  database = await testDatabase()
})

async function startMemory(db: Db) {
  const catalogue = createCatalogue(() => now)
  await startCatalogueConsumer(db, {
    catalogue,
    covisits: createCovisits(),
    rankedBuffers: createRankedBuffers(() => now),
    policies: onePolicy(),
    readersLike: createReadersLike(),
  })
  return catalogue
}

/**
 * Clicks on `articles` articles at each of these moments, each of another reader; there are no others. Their transaction id is below
 * that of any running transaction, so they are loaded. Without foreign keys and triggers, which take as long again.
 */
const replaceClicks = ({ articles, moments }: { articles: number; moments: number[] }) =>
  database.db.transaction().execute(async tx => {
    await sql`set local session_replication_role = replica`.execute(tx)
    await tx.deleteFrom('behaviour').execute()
    await sql`
      insert into behaviour (id, xid, action, viewer, article_id, at)
      select gen_random_uuid(), '3', 'click', 'r' || row_number() over (), ${target}::bigint - 1 + article, at
        from generate_series(1, ${articles}::int) article, unnest(${moments.map(moment => new Date(moment))}::timestamptz[]) at`.execute(tx)
  })

test('many clicks of one moment are read in batches, up to the limit', async () => {
  await replaceClicks({ articles: 12, moments: [midnight - HOUR] })
  const upTo = { xid: '4', seq: 0n }
  for (const [limit, count] of [
    [8, 8],
    [100, 12],
  ] as const) {
    const clicks = await listNewestClicks(database.db, { days: 14, limit, batch: 5, upTo })
    assert.equal(clicks.length, count)
    assert.equal(new Set(clicks.map(({ id }) => id)).size, count)
  }
})

// A call takes some 120,000 arguments.
test('a day with 144,000 sums of an article and hour is loaded', async () => {
  const moments = Array.from({ length: 24 }, (_, hour) => midnight - DAY + hour * HOUR)
  await replaceClicks({ articles: 6_000, moments })
  const catalogue = await startMemory(database.db)
  assert.ok(catalogue.trendingScore(target, now) > 0)
})
