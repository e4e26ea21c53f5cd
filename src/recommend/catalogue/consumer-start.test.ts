import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { cleanup } from '../../../test/support/cleanup.ts'
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts'
import { DAY, HOUR } from '../../base/clock.ts'
import type { ArticleId } from '../../base/id.ts'
import { silentLog } from '../../base/log.ts'
import { type Db, openDatabase } from '../../engines/database/database.ts'
import { createReadersLike } from '../factors/readers-like.ts'
import { createRankedBuffers } from '../pages/ranked-buffer.ts'
import { onePolicy } from '../policy/policies.ts'
import { createRecentViewers } from '../recent-viewers.ts'
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
    recentViewers: createRecentViewers(() => now),
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

for (const column of ['shown', 'weight'])
  test(`if midnight passes while days are read, none is read twice: ${column}`, async () => {
    await replaceClicks({ articles: 1, moments: [midnight - HOUR] })
    const moved = await openMovedDatabase()
    const read = async (db: Db) => {
      const catalogue = await startMemory(db)
      return [catalogue.impressionStats(target).clicks, catalogue.trendingScore(target, now)]
    }
    await moved.setNow(midnight - 1_000)
    const undisturbed = await read(moved.db)
    assert.equal(undisturbed[0], 1)
    assert.deepEqual(await read(moved.passMidnightAfter(column)), undisturbed)
  })

/** The same database with another `now()`. */
async function openMovedDatabase() {
  await sql`create schema if not exists moved`.execute(database.db)
  await sql`create table if not exists moved.clock (at timestamptz)`.execute(database.db)
  await sql`create or replace function moved.now() returns timestamptz stable language sql as 'select at from moved.clock'`.execute(
    database.db,
  )
  const options = encodeURIComponent('-c search_path=moved,pg_catalog,public')
  const opened = openDatabase({ url: `${database.url}?options=${options}`, name: 'moved', log: silentLog })
  cleanup(opened.close)
  async function setNow(moment: number): Promise<void> {
    await sql`truncate moved.clock`.execute(database.db)
    await sql`insert into moved.clock values (${new Date(moment)})`.execute(database.db)
  }
  return {
    db: opened.db,
    setNow,
    /** Midnight passes after the first statement that answers with this column. */
    passMidnightAfter: (column: string) =>
      opened.db.withPlugin({
        transformQuery: ({ node }) => node,
        async transformResult({ result }) {
          if (result.rows.some(row => column in row)) await setNow(midnight + 1_000)
          return result
        },
      }),
  }
}
