import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import { testDatabase } from '../../../test/support/database.ts'
import { deleteOldPages } from './retention.sql.ts'

const { db } = await testDatabase()
const VIEWER = 'd1'
let lastId = 0

beforeEach(async () => {
  await sql`delete from page`.execute(db)
  await sql`delete from seen_day`.execute(db)
})

/** Pages of one session; the ages of its pages in hours, the first page first. */
async function createSession(...hours: number[]): Promise<number> {
  const session = lastId + 1
  for (const [i, age] of hours.entries())
    await sql`
      insert into page (id, viewer, channel_id, scroll, stamp, older, article_ids, sources, propensity, policy, made_at)
      values (${++lastId}, ${VIEWER}, 1, ${session}, ${session * 100 - i}, ${session * 100 - i - 1}, ${[lastId * 2, lastId * 2 - 1]}::bigint[], '{}', '{}', 1,
              now() - ${age} * interval '1 hour')`.execute(db)
  return session
}

/** How many pages of each session are left. */
async function deletePages(perViewer = 1_000): Promise<Record<string, number>> {
  while ((await deleteOldPages(db, { days: 3, perViewer, limit: 2 })) > 0);
  const { rows } = await sql<{
    scroll: bigint
    pages: number
  }>`select scroll, count(*)::int as pages from page group by scroll order by scroll`.execute(db)
  return Object.fromEntries(rows.map(({ scroll, pages }) => [scroll, pages]))
}

test('a session that is being read keeps its pages beyond the limit of a viewer, and refreshes do not', async () => {
  await createSession(5)
  const read = await createSession(4, 3, 2, 1)
  const [, second] = [await createSession(0.4), await createSession(0.3)]
  assert.deepEqual(await deletePages(3), { [read]: 4, [second - 1]: 1, [second]: 1 })
})

test('of the sessions that a viewer continued, the ten newest are being read', async () => {
  const sessions: number[] = []
  for (let age = 14; age > 0; age--) sessions.push(await createSession(age, age - 0.5))
  assert.deepEqual(Object.keys(await deletePages(4)).map(Number), sessions.slice(-10))
})

test('a session that was continued within three days keeps its older pages', async () => {
  await createSession(90, 80)
  const read = await createSession(90, 80, 1)
  assert.deepEqual(await deletePages(), { [read]: 3 })
})

test('articles seen on deleted pages are kept in the order in which they were seen', async () => {
  const session = await createSession(80, 79, 78)
  assert.deepEqual(await deletePages(), {})
  const { rows } = await sql<{ ids: bigint[] }>`
    select array_agg(id order by day, place) as ids from seen_day cross join lateral unnest(article_ids) with ordinality as seen (id, place)
     where viewer = ${VIEWER}`.execute(db)
  const [first, second] = [BigInt(session) * 2n, BigInt(session + 1) * 2n]
  assert.deepEqual(rows[0]?.ids, [first, first - 1n, second, second - 1n])
})
