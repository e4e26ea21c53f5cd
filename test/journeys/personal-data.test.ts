// A reader's copy of their data, and what is left after the deletion of an account.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import type { ArticleId } from '../../src/base/id.ts'
import type { JobContext } from '../../src/base/job.ts'
import { silentLog } from '../../src/base/log.ts'
import { createDeletion } from '../../src/features/personal-data/deletion.ts'
import { runCli } from '../support/cli.ts'
import { OFFICE_ENV, signInAdministrator } from '../support/office.ts'
import { type Person, type Product, startProduct } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'

let product: Product
let bob: Person
let channel: number

before(async () => {
  product = await startProduct({ alwaysEmbedded: true, env: OFFICE_ENV })
  bob = await product.signIn('bob')
  channel = await product.createChannel('科技')
})

/** A reader who has used everything, on an article of bob's. Their comment was answered. */
async function signInBusyReader(name: string, mobile: string) {
  const person = await product.signIn(name, mobile)
  const [articleId] = (await product.publish([{ channel, author: bob.id }])) as unknown as [bigint]
  const article = String(articleId)
  const [ownId] = await product.publish([{ channel, author: person.id, title: `${name} 的文章` }])
  await person.patch('/app/v1_0/user/profile', {
    intro: `${name} intro`,
    birthday: '1990-02-03',
    real_name: '张三',
    id_number: '11010519491231002x',
  })
  for (const [path, body] of [
    ['article/likings', { target: article }],
    ['article/collections', { target: article }],
    ['user/followings', { target: bob.id.toString() }],
    ['article/reports', { target: article, type: 0, remark: `${name} remark` }],
  ] as const)
    assert.equal((await person.post(`/app/v1_0/${path}`, body)).status, 201, path)
  const comment = (await person.post('/app/v1_0/comments', { target: article, content: `${name} says` })).body.data.com_id
  await person.post('/app/v1_0/comments', { target: article, content: `${name} says more` })
  await bob.post('/app/v1_0/comments', { target: comment.toString(), art_id: article, content: 'an answer' })
  await bob.post('/app/v1_0/user/followings', { target: person.id.toString() })
  const appeal = { article_id: ownId as ArticleId, decided_at: new Date(), reason: `${name} appeals` }
  await product.db.insertInto('appeal').values(appeal).execute()
  await person.get(`/app/v1_0/articles/${article}`)
  await person.get(`/app/v1_0/search?q=${encodeURIComponent(name)}`)
  await person.get('/app/v1_1/articles?channel_id=0&timestamp=1&with_top=0')
  await product.waitForBehaviours(`r${person.id}`, 3)
  return { person, article, own: ownId as bigint }
}

/** Registers a reader; returns what freezes them and decides about what they wrote. */
async function registerInOffice(name: string, mobile: string) {
  const editor = await signInAdministrator(product)
  const fields = {
    account: name,
    name,
    mobile,
    gender: 1,
    introduction: `${name} intro`,
    email: `${name}@example.com`,
    area: `${name}shire`,
  }
  const { status, body } = await editor.post('/mis/v1_0/users', { ...fields, password: 'ignored1' })
  assert.equal(status, 201)
  const user_ids = [body.data.user_id]
  for (const frozen of [0, 1]) assert.equal((await editor.put('/mis/v1_0/users', { user_ids, status: frozen })).status, 201)
  return async (person: Person, own: bigint) => {
    const comments = product.db.updateTable('comment').set({ status: 0 }).where('author_id', '=', person.id)
    const held = await comments.where('content', '=', `${name} says more`).returning('id').execute()
    const comment_ids = held.map(({ id }) => String(id))
    assert.deepEqual((await editor.put('/v1/admin/held-comments', { comment_ids, approve: true })).body.data, { count: 1 })
    assert.equal((await editor.put('/mis/v1_0/articles', { article_ids: [String(own)], status: 5 })).status, 201)
  }
}

/** Every row of the database that holds one of the texts. */
async function findTraces(texts: string[]): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select tablename as name from pg_tables where schemaname = 'public'`.execute(product.db)
  const found: string[] = []
  for (const { name } of rows) {
    if (name === 'search_asked') continue // what was asked, by a hash of viewer and query together
    const { rows: hits } = await sql<{ row: string }>`select t::text as row from ${sql.table(name)} t`.execute(product.db)
    for (const { row } of hits) if (texts.some(text => row.includes(text))) found.push(`${name} ${row}`)
  }
  return found
}

/** The index of the search hears of it from the log, a moment later. */
async function assertNoTraces(texts: string[]): Promise<void> {
  const traces = await findTraces(texts)
  assert.deepEqual(
    traces.filter(trace => !/^search_article_[ab] /.test(trace)),
    [],
  )
  await eventually(
    () => findTraces(texts),
    left => left.length === 0,
  )
}

async function assertCountsEqualRows(): Promise<void> {
  const { rows } = await sql`
    with stored as (
      select kind, key, sum(value)::bigint as value from (
        select kind, key, value from counter union all select kind, key, d from counter_delta) each_value group by kind, key having sum(value) <> 0)
    select * from stored full join counter_truth() truth using (kind, key) where stored.value is distinct from truth.value`.execute(
    product.db,
  )
  assert.deepEqual(rows, [])
}

test('a reader downloads everything that is stored about them, and nothing that others keep about them', async () => {
  const { person: carol, article } = await signInBusyReader('carol', '13800000003')
  await bob.post('/app/v1_0/user/blacklists', { target: carol.id.toString() })
  const answer = await carol.get('/v1/me/export')
  assert.equal(answer.status, 200)
  assert.match(answer.headers.get('content-disposition') ?? '', /^attachment/)
  const copy = JSON.parse(answer.text)
  assert.equal(copy.profile.id, carol.id.toString())
  assert.equal(copy.profile.mobile, carol.mobile)
  assert.deepEqual(copy.identity_texts, { real_name: '张三', id_number: '11010519491231002X' })
  assert.deepEqual(copy.comment.map(({ content }: { content: string }) => content).toSorted(), ['carol says', 'carol says more'])
  assert.equal(copy.attitude[0].article_id, article, 'ids are text')
  assert.deepEqual(
    copy.appeal.map(({ reason }: { reason: string }) => reason),
    ['carol appeals'],
  )
  for (const table of [
    'article',
    'article_content',
    'behaviour',
    'collection',
    'following',
    'history',
    'page',
    'report',
    'search_history',
    'session',
  ])
    assert.ok(copy[table].length > 0, table)
  assert.deepEqual(copy.blocking, [], 'who blocks them is not theirs to know')
  assert.equal((await product.request('GET', '/v1/me/export')).status, 401)
  const views = await product.db.selectFrom('identity_view').select(['picture', 'viewer_kind']).where('reader_id', '=', carol.id).execute()
  assert.deepEqual(views, [{ picture: 'texts', viewer_kind: 'reader' }], 'the reading was recorded')
})

test('a copy has each row once, however many batches they are read in', async () => {
  const dave = await product.signIn('dave', '13800000023')
  await sql`insert into identity_view (reader_id, picture) select ${dave.id}, 'row ' || n from generate_series(1, 250) n`.execute(
    product.db,
  )
  const copy: { identity_view: { picture: string }[] } = JSON.parse((await dave.get('/v1/me/export')).text)
  const names = copy.identity_view.map(({ picture }) => picture)
  assert.equal(names.length, 250)
  assert.equal(new Set(names).size, 250)
})

test('a reader who deletes their account proves their number, is signed out, and comes back by signing in within a week', async () => {
  const { person: alice } = await signInBusyReader('alice', '13800000001')
  assert.equal((await alice.delete('/v1/me', { code: '123456' })).status, 400)
  assert.equal((await alice.delete('/v1/me')).status, 400)
  assert.equal((await alice.post('/v1/me/deletion-codes')).status, 204)
  const asked = await alice.delete('/v1/me', { code: '246810' })
  assert.equal(asked.status, 202)
  const days = (Date.parse(asked.body.data.deleted_at) - Date.now()) / 86_400_000
  assert.ok(days > 6.9 && days < 7.1)
  assert.equal((await alice.get('/app/v1_0/user')).status, 401)
  const again = await product.signIn('alice')
  assert.equal(again.id, alice.id)
  const row = await product.db.selectFrom('reader').select('deletion_due_at').where('id', '=', alice.id).executeTakeFirst()
  assert.deepEqual(row, { deletion_due_at: null })
})

test('a creator who comes back to the studio keeps the account too', async () => {
  const kim = await product.signInToStudio('kim', '13800000029')
  await makeDue(kim.id, 0)
  assert.equal((await product.request('POST', '/mp/v1_0/authorizations', { mobile: kim.mobile, code: '246810' })).status, 201)
  const row = await product.db.selectFrom('reader').select('deletion_due_at').where('id', '=', kim.id).executeTakeFirst()
  assert.deepEqual(row, { deletion_due_at: null })
})

test('the deletion is scheduled and the sessions end, or neither', async () => {
  const gina = await product.signIn('gina', '13800000024')
  await refuseChangesOf('session', 'update', gina.id)
  assert.equal((await gina.delete('/v1/me', { code: '246810' })).status, 500)
  await allowChangesOf('session')
  assert.equal((await gina.get('/app/v1_0/user')).status, 200)
  const row = await product.db.selectFrom('reader').select('deletion_due_at').where('id', '=', gina.id).executeTakeFirst()
  assert.deepEqual(row, { deletion_due_at: null })
})

const refuseChangesOf = (table: string, change: 'update' | 'delete', id: bigint) =>
  sql
    .raw(`create function refuse() returns trigger language plpgsql as
            $$ begin if old.reader_id = ${id} then raise exception 'refused'; end if; return coalesce(new, old); end $$;
          create trigger refuse before ${change} on ${table} for each row execute function refuse()`)
    .execute(product.db)
const allowChangesOf = (table: string) => sql.raw(`drop trigger refuse on ${table}; drop function refuse()`).execute(product.db)

const makeDue = (id: bigint, minutesAgo: number) =>
  sql`update reader set deletion_due_at = now() - make_interval(mins => ${minutesAgo}) where id = ${id}`.execute(product.db)
const isThere = async (id: bigint) =>
  (await sql`select from reader where id = ${id} and deleted_at is null`.execute(product.db)).rows.length === 1

test('a reader who signs in while the job deletes others keeps their account', async () => {
  const [heidi, ivan] = [await product.signIn('heidi', '13800000025'), await product.signIn('ivan', '13800000026')]
  await makeDue(heidi.id, 2)
  await makeDue(ivan.id, 1)
  const { job } = createDeletion({ db: product.db, log: silentLog })
  let running: Promise<unknown> | undefined
  await product.db.transaction().execute(async tx => {
    await sql`select from reader where id = ${heidi.id} for update`.execute(tx)
    running = job.run({ signal: new AbortController().signal } as JobContext)
    await eventually(
      () => sql`select from pg_locks where not granted`.execute(product.db),
      ({ rows }) => rows.length > 0,
    )
    assert.equal((await product.signIn('ivan', ivan.mobile)).id, ivan.id)
  })
  assert.deepEqual(await running, { deleted: 1 })
  assert.deepEqual([await isThere(heidi.id), await isThere(ivan.id)], [false, true])
})

test('an account that cannot be deleted keeps no other, and fails the run', async () => {
  const [judy, kurt] = [await product.signIn('judy', '13800000027'), await product.signIn('kurt', '13800000028')]
  await makeDue(judy.id, 2)
  await makeDue(kurt.id, 1)
  await refuseChangesOf('session', 'delete', judy.id)
  const { job } = createDeletion({ db: product.db, log: silentLog })
  const run = () => job.run({ signal: new AbortController().signal } as JobContext)
  await assert.rejects(async () => run(), /1 accounts were not deleted, 1 were/)
  await allowChangesOf('session')
  assert.deepEqual([await isThere(judy.id), await isThere(kurt.id)], [true, false])
  assert.deepEqual(await run(), { deleted: 1 }, 'the next run goes on')
})

test('after the week everything personal is gone, the counts equal the rows, and what others wrote is there', async () => {
  const env = { DATABASE_URL: product.databaseUrl, DATA_DIR: product.dataDir }
  const decide = await registerInOffice('erin', '13800000021')
  const { person: erin, article, own } = await signInBusyReader('erin', '13800000021')
  await decide(erin, own)
  const { like_count } = (await bob.get(`/app/v1_0/articles/${article}`)).body.data
  assert.equal(like_count, 1)
  await erin.delete('/v1/me', { code: '246810' })
  await product.db.updateTable('reader').set({ deletion_due_at: new Date() }).where('id', '=', erin.id).execute()
  const run = await runCli(env, ['jobs', 'run', 'delete-accounts', '--wait', '--json'])
  assert.equal(run.code, 0, run.err)

  await assertNoTraces([erin.mobile, 'erin', `r${erin.id}`])
  assert.equal((await product.db.selectFrom('identity').select('reader_id').where('reader_id', '=', erin.id).execute()).length, 0)
  await assertCountsEqualRows()
  const detail = await eventually(
    () => bob.get(`/app/v1_0/articles/${article}`),
    ({ body }) => body.data.like_count === 0,
  )
  assert.equal(detail.body.data.collect_count ?? 0, 0)
  assert.equal(detail.body.data.read_count >= 1, true, 'what was read stays counted')
  assert.equal((await bob.get(`/app/v1_0/articles/${own}`)).status, 404)
  assert.equal((await bob.get(`/app/v1_0/users/${erin.id}`)).status, 400)
  const answers = await product.db.selectFrom('comment').select('content').where('content', '=', 'an answer').execute()
  assert.ok(answers.length > 0)
  const newcomer = await product.signIn('erin', erin.mobile)
  assert.notEqual(newcomer.id, erin.id, 'the number begins a new account')
})

test('an operator exports and deletes a reader at once', async () => {
  const env = { DATABASE_URL: product.databaseUrl, DATA_DIR: product.dataDir, INIT_CWD: product.dataDir }
  const { person: frank } = await signInBusyReader('frank', '13800000022')
  const exported = await runCli(env, ['reader', 'export', frank.id.toString(), 'frank.json', '--json'])
  assert.equal(exported.code, 0, exported.err)
  assert.equal(JSON.parse(await readFile(join(product.dataDir, 'frank.json'), 'utf8')).profile.mobile, frank.mobile)
  assert.equal((await runCli(env, ['reader', 'delete', frank.id.toString(), '--json'])).code, 0)
  await assertNoTraces([frank.mobile, 'frank', `r${frank.id}`])
  await assertCountsEqualRows()
  const gone = await eventually(
    () => frank.get('/app/v1_0/user'),
    ({ status }) => status !== 200,
  )
  assert.ok([401, 403].includes(gone.status))
  assert.equal((await runCli(env, ['reader', 'delete', frank.id.toString(), '--json'])).code, 1)
  assert.equal((await runCli(env, ['reader', 'delete', 'frank', '--json'])).code, 2)
})
