import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { runCli } from '../../../test/support/cli.ts'
import { testDatabase } from '../../../test/support/database.ts'
import type { ArticleId, PageId } from '../../base/id.ts'
import { storePolicy } from '../policy/policies.sql.ts'
import { completePolicy } from '../policy/policy.ts'
import type { PolicyDocument } from '../policy/policy-schema.ts'
import { evaluatePolicy } from './evaluate-policy.ts'
import type { PageRow } from './logged-page.ts'
import { makeLog, makeLoggedPages } from './logged-world.fixture.ts'
import { readOwnLog, tryPolicy } from './own-log.ts'
import { createPolicyTrial } from './try-in-thread.ts'

const DOCUMENT: PolicyDocument = { exploration: { share: 0.5 }, factors: { freshness: 2 } }
const LOGGED = completePolicy(DOCUMENT, 1)
const LOG = { seed: 1, pages: 400 }
const { db, url } = await testDatabase()
let lastPage = 0n

async function insertPages(rows: { row: PageRow; clickedIds: Set<ArticleId> }[], hoursAgo: number): Promise<void> {
  const pages = rows.map(({ row, clickedIds }) => ({ ...row, id: ++lastPage as PageId, clickedIds }))
  const ids = [...new Set(pages.flatMap(({ clickedIds }) => [...clickedIds]))]
  await sql`insert into article (id, author_id, channel_id, title, status, published_at)
    select id, 1, (select min(id) from channel), 't', 2, now() - interval '1 day' from unnest(${ids}::bigint[]) id on conflict do nothing`.execute(
    db,
  )
  const timed = pages.map(page => ({ ...page, at: new Date(Date.now() - hoursAgo * 3_600_000 + Number(page.id)) }))
  const given = timed.map(({ id, viewer, articleIds, sources, propensity, policy, why, at }) => {
    return { id: String(id), viewer, article_ids: articleIds.map(String), sources, propensity, policy, why, at }
  })
  await sql`insert into page (id, viewer, channel_id, scroll, stamp, older, article_ids, sources, propensity, policy, why, made_at)
    select id, viewer, 0, id, 2 * id, 2 * id - 1, article_ids, sources, propensity, policy, why, at from jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
      as each_one (id bigint, viewer text, article_ids bigint[], sources smallint[], propensity smallint[], policy smallint, why jsonb, at timestamptz)`.execute(
    db,
  )
  const clicks = timed.flatMap(({ id, viewer, at, clickedIds }) =>
    Array.from(clickedIds, article_id => ({ id: randomUUID(), viewer, action: 'click', article_id, page_id: id, at })),
  )
  if (clicks.length > 0) await db.insertInto('behaviour').values(clicks).execute()
}

before(async () => {
  await sql`insert into reader (id, name) values (1, 'author')`.execute(db)
  await sql`insert into channel (name) values ('c')`.execute(db)
  assert.equal(await db.transaction().execute(tx => storePolicy(tx, DOCUMENT)), 1)
  await insertPages(makeLog(LOGGED, LOG), 2)
})

test('the log is read as it was served, with its clicks', async () => {
  const { pages, withoutRanking, clicksWithoutPage } = await readOwnLog(db)
  assert.deepEqual(pages, makeLoggedPages(LOGGED, LOG))
  assert.deepEqual([withoutRanking, clicksWithoutPage], [0, 0])
})

test('a policy is tried on it from the command line, and a log that does not say is an answer of its own', async () => {
  const file = join(tmpdir(), `${randomUUID()}.json`)
  const policy = { ...DOCUMENT, factors: { freshness: 1.5 }, feedback: { positive: { click: 2 } } }
  await writeFile(file, JSON.stringify(policy))
  const tried = await runCli({ DATABASE_URL: url, DATA_DIR: tmpdir() }, ['policy', 'try', file, '--json'])
  assert.equal(tried.code, 0, tried.err)
  const { values } = evaluatePolicy({
    pages: makeLoggedPages(LOGGED, LOG),
    policyOf: () => LOGGED,
    other: completePolicy(policy, 2),
    factsOf: () => undefined,
  })
  assert.deepEqual(tried.json.values, values)
  assert.deepEqual(tried.json.not_estimated, ['feedback'])
  assert.match(
    (await runCli({ DATABASE_URL: url, DATA_DIR: tmpdir() }, ['policy', 'try', file])).out,
    /\ndr +\d\.\d{4} +\d\.\d{4} … \d\.\d{4} +the policy/,
  )
  await writeFile(file, JSON.stringify({ factors: { model: 0, freshness: 0 }, sources: { following: 1 }, exploration: { share: 2 } }))
  assert.match((await runCli({ DATABASE_URL: url, DATA_DIR: tmpdir() }, ['policy', 'try', file])).err, /^exploration\.share: must be <= 1/)
})

test('gaps in the log are left out and counted: pages without their ranking, deleted pages, young pages, unknown policies', async () => {
  const more = makeLog(LOGGED, { seed: 2, pages: 8 })
  const [a, b, c, d, e, f, g, h] = more as [(typeof more)[number], ...typeof more]
  const old = { steps: [], left: [], factors: ['appeal'], items: a.row.articleIds.map(() => [['fresh'], [1]]) } as unknown as PageRow['why']
  await insertPages([{ ...a, row: { ...a.row, why: old } }], 2)
  await insertPages([{ ...(b as typeof a), row: { ...(b as typeof a).row, why: null } }], 2)
  await insertPages([{ ...(c as typeof a), row: { ...(c as typeof a).row, policy: 4 * 77 + 1 } }], 2)
  await insertPages([{ ...(d as typeof a), row: { ...(d as typeof a).row, viewer: 'dnew' } }], 2)
  await insertPages([e as typeof a], 0.1)
  await insertPages([f, g, h] as (typeof a)[], 2)
  const deleted = await sql<{ id: bigint }>`delete from page where id > ${lastPage - 3n} returning id`.execute(db)
  const clicks = await sql<{
    id: bigint
  }>`select distinct page_id as id from behaviour where page_id = any(${deleted.rows.map(({ id }) => id)}::bigint[])`.execute(db)
  const log = await readOwnLog(db)
  assert.equal(log.pages.length, LOG.pages + 1)
  assert.equal(log.withoutRanking, 2)
  assert.ok(log.clicksWithoutPage >= clicks.rows.length)
  const tried = await tryPolicy(db, DOCUMENT)
  assert.deepEqual([tried.pages, tried.left_out, tried.without_ranking], [LOG.pages, { 'of another policy': 1 }, 2])
})

test('what is not estimated is what differs from the policies of the pages, whatever the order of its fields', async () => {
  await sql`delete from page`.execute(db)
  const document: PolicyDocument = {
    ...DOCUMENT,
    feedback: { positive: { like: 2, click: 1 } },
    leaderboards: { hot: { score: 'likes' }, a: { score: 'age' } },
  }
  const version = await db.transaction().execute(tx => storePolicy(tx, document))
  await insertPages(makeLog(completePolicy(document, version), { seed: 3, pages: 3 }), 2)
  assert.deepEqual((await tryPolicy(db, document)).not_estimated, [])
  assert.deepEqual((await tryPolicy(db, DOCUMENT)).not_estimated, ['feedback', 'leaderboards'])
})

test('an installation without pages is told so', async () => {
  await sql`delete from page`.execute(db)
  const tried = await tryPolicy(db, {})
  assert.match(tried.refused ?? '', /^too little to tell: 0 pages/)
  assert.equal(tried.since, null)
})

test('a trial that takes too long is refused, and the next one is not', async () => {
  const tryLate = createPolicyTrial(url, 1)
  for (let i = 0; i < 2; i++) await assert.rejects(tryLate({}), { kind: 'unavailable' })
})
