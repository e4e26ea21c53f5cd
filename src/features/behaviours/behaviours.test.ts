import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import { silentLog } from '../../base/log.ts'
import { createMetrics } from '../../base/metrics.ts'
import { clientOf } from '../../base/network.ts'
import type { Viewer } from '../../base/viewer.ts'
import { createRateLimiter } from '../../engines/limits/rate-limiter.ts'
import { createBehaviourLimits } from './behaviour-limits.ts'
import { insertClicks } from './behaviours.sql.ts'
import { createBehaviours } from './behaviours.ts'
import { createOnceKey } from './once-a-day.ts'
import { listRefusals } from './refusals.sql.ts'
import { createRefusals } from './refusals.ts'
import { deleteForgottenDevices, deleteOldRefusals, rollUpBehaviours } from './retention.sql.ts'

let database: TestDatabase
const reader = { kind: 'reader', id: 1n as ReaderId } as const
const article = 10n as ArticleId

before(async () => {
  database = await testDatabase()
  const { db } = database
  await db.insertInto('reader').values({ id: reader.id, name: 'alice' }).execute()
  const { id } = await db.insertInto('channel').values({ name: '科技' }).returning('id').executeTakeFirstOrThrow()
  await db
    .insertInto('article')
    .values({ id: article, author_id: reader.id, channel_id: id, title: 't', status: 2, published_at: new Date() })
    .execute()
})

const time = { now: Date.now() }
const clock = () => time.now
const onceKeyOf = createOnceKey({ secret: 'a secret', clock })
const started: ReturnType<typeof createRefusals>[] = []
const startRefusals = (metrics = createMetrics()) => {
  const refusals = createRefusals({ db: database.db, log: silentLog, clock, metrics })
  started.push(refusals)
  return refusals
}
/** As one process has it. */
const startBehaviours = () => {
  const limits = createBehaviourLimits(limit => createRateLimiter(limit))
  const refusals = startRefusals()
  const behaviours = createBehaviours({ db: database.db, log: silentLog, clock, readTrace: () => undefined, onceKeyOf, limits, refusals })
  const click = (viewer: Viewer, articleId = article, address = '192.0.2.1') =>
    behaviours.recordClick({ viewer, client: clientOf(address), articleId, trace: undefined })
  return { ...behaviours, click }
}
const readerOf = (id: number): Viewer => ({ kind: 'reader', id: BigInt(id) as ReaderId })
const countBehaviours = async () => (await database.db.selectFrom('behaviour').select('id').execute()).length

test('all buffered clicks are written when the process closes', async () => {
  const before = await countBehaviours()
  const behaviours = startBehaviours()
  for (let i = 0; i < 1_200; i++) behaviours.click(readerOf(1_000 + i))
  await behaviours.close()
  assert.equal((await countBehaviours()) - before, 1_200)
})

test('a click on an article that does not exist, or one that cannot be written, does not affect other clicks', async () => {
  const before = await countBehaviours()
  const behaviours = startBehaviours()
  behaviours.click(readerOf(11))
  behaviours.click(reader, 99n as ArticleId)
  behaviours.click({ kind: 'device', id: 'nul\0' })
  behaviours.click(readerOf(12))
  await behaviours.close()
  assert.equal((await countBehaviours()) - before, 2)
})

test('a click counts once a day in the rows, in however many processes and buffers it arrives', async () => {
  const before = await countBehaviours()
  const device: Viewer = { kind: 'device', id: 'phone' }
  for (let day = 0; day < 2; day++) {
    const processes = [startBehaviours(), startBehaviours(), startBehaviours()]
    for (const { click } of processes)
      for (let i = 0; i < 10; i++) for (const viewer of [readerOf(2), device, { kind: 'anonymous' } as const]) click(viewer)
    await Promise.all(processes.map(each => each.close()))
    assert.equal((await countBehaviours()) - before, 3 * (day + 1))
    time.now += 86_400_000
  }
})

test('buffers of two processes that hold the same clicks in other orders do not deadlock', async () => {
  const before = await countBehaviours()
  const processes = [startBehaviours(), startBehaviours()]
  for (let i = 0; i < 400; i++) {
    processes[0]?.click(readerOf(5_000 + i))
    processes[1]?.click(readerOf(5_399 - i))
  }
  await Promise.all(processes.map(each => each.close()))
  assert.equal((await countBehaviours()) - before, 400)
})

test('who opens an article is told whether the click counts: not a second time, and not over a limit', async () => {
  const behaviours = startBehaviours()
  const openAs = (name: string) => behaviours.click({ kind: 'device', id: name }, article, '203.0.113.9')
  const told = []
  for (const name of ['p1', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p6', 'p1']) told.push(await openAs(name))
  assert.deepEqual(told, [true, false, true, true, true, true, false, false, false])
  await behaviours.close()
})

test('an address without identity is not found by trying all addresses: the key of a row depends on a secret', () => {
  const client = clientOf('192.0.2.1')
  const keys = ['a secret', 'another'].map(secret => createOnceKey({ secret, clock })({ kind: 'anonymous' }, client, 'click', article))
  assert.notEqual(keys[0], keys[1])
})

test('a click that is also in a batch of events waits for the batch, and they do not deadlock', async () => {
  const { db } = database
  const id = '00000000-0000-8000-8000-000000000001'
  await db.deleteFrom('history').execute()
  let clickWritten: Promise<void> | undefined
  // In the order of a batch's statement: behaviours, then histories.
  await db.transaction().execute(async tx => {
    await tx.insertInto('behaviour').values({ id, action: 'click', viewer: 'r1', article_id: article }).execute()
    clickWritten = insertClicks(db, [
      {
        id,
        once: randomUUID(),
        viewer: 'r1',
        readerId: reader.id,
        articleId: article,
        pageId: undefined,
        position: undefined,
        untraced: false,
      },
    ])
    await sleep(200) // now the click waits for a lock
    await tx.insertInto('history').values({ reader_id: reader.id, article_id: article, at: new Date() }).execute()
  })
  await clickWritten
})

test('exposures older than a month and actions older than 400 days become figures of their day, and no count changes', async () => {
  const { db } = database
  await db.deleteFrom('behaviour').execute()
  const days = (count: number) => new Date(Date.now() - count * 86_400_000)
  const row = (action: string, at: Date, channel?: number) => ({
    id: randomUUID(),
    action,
    viewer: 'r1',
    article_id: article,
    at,
    from_channel: channel ?? null,
  })
  const actions = ['click', 'read', 'collect', 'share', 'like', 'dislike']
  const kept = [...actions.map(action => row(action, days(399))), row('exposure', days(29))]
  const old = [...Array.from({ length: 5 }, () => row('exposure', days(31))), row('share', days(401))]
  const oldClicks = [row('click', days(401), 0), row('click', days(401)), row('click', days(401), 0), row('click', days(500))]
  await db
    .insertInto('behaviour')
    .values([...kept, ...old, ...oldClicks])
    .execute()
  const readFigures = async () => ({
    truth: (await sql`select * from counter_truth() order by kind, key`.execute(db)).rows,
    stored: (await sql`select kind, key, sum(d)::int as value from counter_delta group by 1, 2 order by 1, 2`.execute(db)).rows,
    shown: (await sql`select action, sum(behaviours)::int as count from behaviour_figure group by 1 order by 1`.execute(db)).rows,
  })
  const before = await readFigures()
  const added: number[] = []
  for (let i = 0; i < 5; i++) added.push(await rollUpBehaviours(db, 3))
  assert.deepEqual(added, [3, 3, 3, 1, 0])
  assert.deepEqual(
    (await db.selectFrom('behaviour').select('id').execute()).map(({ id }) => id).toSorted(),
    kept.map(({ id }) => id).toSorted(),
  )
  assert.deepEqual(
    (
      await db
        .selectFrom('behaviour_day')
        .select(['action', 'from_channel', 'behaviours'])
        .orderBy('action')
        .orderBy('behaviours')
        .execute()
    ).map(one => Object.values(one).join(' ')),
    ['click  1', 'click  1', 'click 0 2', 'exposure  5', 'share  1'],
  )
  assert.deepEqual(await readFigures(), before)
})

test('what is refused is counted, and of each minute the first are kept with the reason and what was sent', async () => {
  const { db } = database
  for (const { close } of started) await close() // what tests before this one have refused is written up to a second later
  await db.deleteFrom('behaviour_refused').execute()
  const metrics = createMetrics()
  const refusals = startRefusals(metrics)
  time.now += 60_000
  const refuse = (event: unknown) => refusals.note({ viewer: 'd1', action: 'click', rule: 'invalid', reason: 'no', event })
  for (let i = 0; i < 100; i++) refuse({ id: BigInt(i), title: `nul\0\ud800${'x'.repeat(5_000)}` })
  time.now += 60_000
  refuse(undefined)
  await refusals.close()
  const kept = await listRefusals(db, 200)
  assert.equal(kept.length, 61)
  assert.deepEqual([kept[0]?.viewer, kept[0]?.reason, kept[0]?.event], ['d1', 'no', null])
  assert.equal(kept[1]?.event?.length, 1_000)
  assert.match(kept[1]?.event ?? '', /^\{"id":"59","title":"nul/)
  assert.deepEqual(await metrics.read('behaviours_refused_total'), [{ labels: { rule: 'invalid' }, value: 101 }])
  await sql`update behaviour_refused set at = now() - interval '31 days' where id in (select id from behaviour_refused order by id limit 10)`.execute(
    db,
  )
  const drop = () => deleteOldRefusals(db, { days: 30, keep: 20, limit: 30 })
  assert.deepEqual([await drop(), await drop(), await drop()], [30, 11, 0])
  assert.deepEqual(await listRefusals(db, 200), kept.slice(0, 20))
})

test('a device is noted when it first does something, and deleted a month later if nothing of it is left', async () => {
  const { db } = database
  await db.deleteFrom('behaviour').execute()
  await db.deleteFrom('device').execute()
  const behaviours = startBehaviours()
  for (const id of ['kept', 'gone', 'new']) behaviours.click({ kind: 'device', id }, article, '192.0.2.9')
  for (const viewer of [readerOf(3), { kind: 'anonymous' } as const]) behaviours.click(viewer)
  await behaviours.close()
  const devices = async () => (await db.selectFrom('device').select('viewer').orderBy('viewer').execute()).map(row => row.viewer)
  assert.deepEqual(await devices(), ['dgone', 'dkept', 'dnew'])
  await db.deleteFrom('behaviour').where('viewer', 'in', ['dgone', 'dnew']).execute()
  await sql`update device set first_at = now() - interval '31 days' where viewer <> 'dnew'`.execute(db)
  const sweep = (after: string) => deleteForgottenDevices(db, { days: 30, after, limit: 2 })
  assert.deepEqual(await sweep(''), { deleted: 1, last: 'dkept' })
  assert.deepEqual(await sweep('dkept'), { deleted: 0, last: 'dnew' })
  assert.deepEqual(await sweep('dnew'), { deleted: 0, last: null })
  assert.deepEqual(await devices(), ['dkept', 'dnew'])
})
