// Administrators, their groups and permissions, and the operation log.

import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { PERMISSION_CODES } from '../../src/base/permissions.ts'
import { runCli } from '../support/cli.ts'
import {
  ADMIN_PASSWORD,
  type Administrator,
  ALL_GROUP,
  addAdministrator,
  lastOperation,
  MODERATORS,
  signInAdministrator,
} from '../support/office.ts'
import { type Answer, type Product } from '../support/product.ts'
import { useSharedProduct } from '../support/shared-product.ts'
import { eventually } from '../support/waiting.ts'

const MIS = '/mis/v1_0'
let product: Product
let editor: Administrator

before(async () => {
  product = await useSharedProduct()
  editor = await signInAdministrator(product)
})

const statusAndMessage = ({ status, body }: Answer) => [status, body?.message]
const permissionIdsOf = async (...codes: string[]) => {
  const { rows } = await sql<{ id: number }>`select id from permission where code = any(${codes}) order by id`.execute(product.db)
  return rows.map(row => row.id)
}
const createGroup = async (name: string, ...codes: string[]): Promise<number> =>
  (await editor.post(`${MIS}/groups`, { name, permission_ids: await permissionIdsOf(...codes) })).body.data.group_id

test('the rows of permissions and the codes of the program are the same', async () => {
  const { rows } = await sql<{ code: string }>`select code from permission where type = 1`.execute(product.db)
  assert.deepEqual(rows.map(row => row.code).toSorted(), [...PERMISSION_CODES].toSorted())
})

test('a server with the right sends the behaviours of many viewers: each counts once, those it may not send are refused by number', async () => {
  const { db } = product
  const channel = await product.createChannel('导入')
  const [first] = await product.publish(Array.from({ length: 12 }, () => ({ channel })))
  const asPhone = { headers: { authorization: 'Anony imported-1' } }
  const page = await product.request('GET', `/app/v1_0/articles?channel_id=${channel}&timestamp=${Date.now()}`, undefined, asPhone)
  const shown = page.body.data.results[3].art_id
  const send = (...behaviours: unknown[]) => editor.post('/v1/behaviours:import', { behaviours })
  const click = { device_id: 'imported-1', action: 'click', article_id: String(shown), at: Date.now() }
  const lines = [
    click,
    { ...click, device_id: 'imported-2', at: Date.now() - 86_400_000 },
    { ...click, reader_id: '12345', device_id: undefined },
    { ...click, article_id: '12345' },
    { ...click, at: Date.now() + 3_600_000 },
    { ...click, at: 1e30 },
    { ...click, action: 'read', article_id: String(first), dwell_ms: 40_000 },
    'nonsense',
  ]
  const { status, body } = await send(...lines)
  const { refused, ...counts } = body.data
  assert.deepEqual([status, counts], [200, { read: 8, added: 3, unchanged: 0, refused_count: 5 }])
  assert.deepEqual(
    refused.map((one: { line: number }) => one.line),
    [3, 4, 5, 6, 8],
  )
  assert.deepEqual((await send(...lines)).body.data, { ...body.data, added: 0, unchanged: 3 })
  assert.equal((await send()).body.data.read, 0)
  const { operation, description } = await lastOperation(product) // none of the empty import
  assert.deepEqual([operation, description], ['import behaviours', '8 read: 0 added, 3 unchanged, 5 refused'])
  // As without a trace: the newest page that had shown it by then.
  const rowOf = (viewer: string, action: 'click' | 'read') =>
    db.selectFrom('behaviour').select(['position', 'from_channel']).where('viewer', '=', viewer).where('action', '=', action).execute()
  assert.deepEqual(await rowOf('dimported-1', 'click'), [{ position: 3, from_channel: channel }])
  assert.deepEqual(await rowOf('dimported-2', 'click'), [{ position: null, from_channel: null }])
  for (const behaviours of [Array.from({ length: 1_001 }, () => click), 'all', undefined])
    assert.equal((await editor.post('/v1/behaviours:import', { behaviours })).status, 400)
  // What no body may have refuses all of it.
  const fresh = { ...click, device_id: 'imported-3' }
  assert.match((await send(fresh, { ...fresh, id: 'a\ud83d' })).body.message, /half a character/)
  assert.equal((await send(fresh, { ...fresh, id: 'a'.repeat(1024 * 1024) })).status, 413)
  assert.deepEqual(await rowOf('dimported-3', 'click'), [])
})

test('an operator imports behaviours from a CSV, and a dry run before keeps none', async () => {
  const [article] = await product.publish([{ channel: await product.createChannel('表格') }])
  const file = join(product.dataDir, 'behaviours.csv')
  await writeFile(file, `device_id,article_id,action,at\ncsv-1,${article},read,${new Date().toISOString()}\n`)
  const importFile = (...flags: string[]) =>
    runCli({ DATABASE_URL: product.databaseUrl, DATA_DIR: product.dataDir }, ['import', 'behaviours', file, ...flags, '--json'])
  const stored = () =>
    product.db.selectFrom('behaviour').select(['viewer', 'action', 'article_id']).where('viewer', '=', 'dcsv-1').execute()
  const all = [0, { read: 1, added: 1, unchanged: 0, refused: [], refused_count: 0 }]
  const dry = await importFile('--dry-run')
  assert.deepEqual([dry.code, dry.json, await stored()], [...all, []])
  const { code, json } = await importFile()
  assert.deepEqual([code, json], all)
  assert.deepEqual(await stored(), [{ viewer: 'dcsv-1', action: 'read', article_id: article }])
})

test('a NUL character, which no stored text has, is refused wherever it is looked for or stored', async () => {
  const lists = ['administrators', 'groups', 'permissions', 'operationlogs', 'channels', 'users'].map(list => `${list}?keyword=`)
  for (const path of [...lists, 'sensitive_words?word=', 'articles?title=', 'articles?channel='])
    assert.equal((await editor.get(`${MIS}/${path}a%00b`)).status, 400, path)
  for (const body of [
    { title: 'a\0b', content: 'text' },
    { title: 'title', content: 'a\0b' },
  ])
    assert.equal((await editor.post('/v1/admin/announcements', body)).status, 400)
})

test('a captcha is offline, and init has nothing to do', async () => {
  const captcha = await product.request('GET', `${MIS}/captchas/editor`)
  assert.deepEqual([captcha.status, captcha.body.data.success], [200, 0])
  assert.deepEqual((await product.request('GET', `${MIS}/administrators/init`)).body, { message: 'ok' })
  assert.equal((await product.request('GET', `${MIS}/authorizations?account=editor`)).status, 404)
})

test('the tree of a sign-in marks what the group allows', async () => {
  await addAdministrator(product, 'moderator1', MODERATORS)
  const signIn = (account: string) => product.request('POST', `${MIS}/authorizations`, { account, password: ADMIN_PASSWORD })
  const checkedCodes = ({ body }: Answer) => {
    const walk = (nodes: any[]): string[] => nodes.flatMap(node => [...(node.checked ? [node.code] : []), ...walk(node.children)])
    return new Set(walk(body.data.permission_tree))
  }
  assert.equal(checkedCodes(await signIn('editor')).isSupersetOf(new Set(PERMISSION_CODES)), true)
  const moderators = checkedCodes(await signIn('moderator1'))
  assert.ok(moderators.has('article-list-put') && moderators.has('/home/contentAudit'))
  assert.ok(!moderators.has('administrator-put') && !moderators.has('job-list-put'))
})

test('an administrator is added, found, changed and deleted, and the operation log says who did it, what, before and after', async () => {
  const created = await editor.post(`${MIS}/administrators`, {
    account: 'carol',
    password: 'second2password',
    group_id: MODERATORS,
    name: '卡罗尔',
  })
  assert.deepEqual([created.status, created.body.data], [201, { account: 'carol', name: '卡罗尔' }])
  const again = await editor.post(`${MIS}/administrators`, {
    account: 'carol',
    password: 'second2password',
    group_id: MODERATORS,
    name: 'x',
  })
  assert.deepEqual(statusAndMessage(again), [403, 'carol already exists'])

  const { administrators, total_count } = (await editor.get(`${MIS}/administrators?keyword=carol&page=1&per_page=10`)).body.data
  assert.deepEqual([total_count, administrators.length], [1, 1])
  const { administrator_id: id, last_login: _, ...fields } = administrators[0]
  assert.deepEqual(fields, {
    account: 'carol',
    email: null,
    mobile: null,
    name: '卡罗尔',
    group_name: '内容审核',
    group_id: MODERATORS,
    access_count: 0,
    status: 1,
    is_last: false,
  })

  const changed = await editor.put(`${MIS}/administrators/${id}`, { name: 'Carol', email: 'carol@example.org', status: 0 })
  assert.deepEqual([changed.status, changed.body.data.name, changed.body.data.status], [201, 'Carol', 0])
  const { administrator_id, administrator_name, operation, description, before: was, after: is, ip } = await lastOperation(product)
  assert.deepEqual([administrator_id, administrator_name, operation, description], [editor.id, 'editor', 'change administrator', 'carol'])
  assert.deepEqual(was, { name: '卡罗尔', email: null, frozen: false })
  assert.deepEqual(is, { name: 'Carol', email: 'carol@example.org', frozen: true })
  assert.ok(ip.includes('127.0.0.1'))

  assert.equal((await editor.delete(`${MIS}/administrators/${id}`)).status, 204)
  assert.deepEqual(statusAndMessage(await editor.get(`${MIS}/administrators/${id}`)), [400, 'Invalid administrator id.'])
  assert.deepEqual(statusAndMessage(await editor.delete(`${MIS}/administrators/${id}`)), [403, 'Invalid administrator id.'])

  const log = (await editor.get(`${MIS}/operationlogs?keyword=carol&order_by=-id`)).body.data
  assert.deepEqual(
    log.operationlogs.map((one: any) => one.operation),
    ['delete administrator', 'change administrator', 'add administrator'],
  )
  assert.equal(log.operationlogs[0].before.account, 'carol')
  assert.match(log.operationlogs[0].ctime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
  assert.equal((await lastOperation(product)).operation, 'read operation log')
  assert.ok(
    !JSON.stringify(await product.db.selectFrom('operation_log').selectAll().execute(), (_, v) =>
      typeof v === 'bigint' ? `${v}` : v,
    ).includes('second2password'),
  )
})

test('a frozen administrator, or one of a disabled group, is refused at once where it was done', async () => {
  const group = await createGroup('读者', 'userlist-get')
  await addAdministrator(product, 'frank', group)
  const frank = await signInAdministrator(product, 'frank')
  assert.notEqual((await frank.get(`${MIS}/administrators`)).status, 200)
  assert.equal((await editor.put(`${MIS}/groups/${group}`, { status: 0 })).status, 201)
  const own = () => frank.put(`${MIS}/password`, {})
  assert.deepEqual(statusAndMessage(await eventually(own, answer => answer.status === 403)), [403, 'Group status disable.'])
  assert.equal((await editor.put(`${MIS}/groups/${group}`, { status: 1 })).status, 201)
  await eventually(own, answer => answer.status === 400)
  assert.equal((await editor.put(`${MIS}/administrators/${frank.id}`, { status: 0 })).status, 201)
  assert.deepEqual(statusAndMessage(await eventually(own, answer => answer.status === 403)), [403, 'Administrator does not exist.'])
})

test('a group has exactly the permissions it is given, and stays while it has administrators', async () => {
  const [get, put] = await permissionIdsOf('article-list-get', 'article-list-put')
  const { status, body } = await editor.post(`${MIS}/groups`, { name: '编辑', remark: 'r', permission_ids: [get, put, get] })
  assert.deepEqual([status, body.data.name], [200, '编辑'])
  const id = body.data.group_id
  assert.deepEqual(statusAndMessage(await editor.post(`${MIS}/groups`, { name: '编辑' })), [403, 'Group 编辑 already exists.'])
  assert.equal((await editor.put(`${MIS}/groups/${id}`, { permission_ids: [get] })).status, 201)
  assert.deepEqual((await lastOperation(product)).after, { permission_ids: [get] })
  const tree = JSON.stringify((await editor.get(`${MIS}/groups/${id}`)).body.data.permission_tree)
  assert.equal(tree.match(/"checked":1/g)?.length, 1)
  assert.deepEqual(statusAndMessage(await editor.put(`${MIS}/groups/${id}`, { permission_ids: [999_999] })), [
    400,
    'Invalid permission id 999999.',
  ])
  await addAdministrator(product, 'grace', id)
  assert.deepEqual(statusAndMessage(await editor.delete(`${MIS}/groups/${id}`)), [400, 'Delete administrator first.'])
  await product.db.deleteFrom('administrator').where('account', '=', 'grace').execute()
  assert.equal((await editor.delete(`${MIS}/groups/${id}`)).status, 204)
  assert.deepEqual(statusAndMessage(await editor.get(`${MIS}/groups/${id}`)), [400, 'Invalid group id.'])
})

test('a permission is a menu of a client or an operation that the server knows; a code that it does not know is refused', async () => {
  const menu = { name: '新菜单', type: 0, code: '/home/new', sequence: 9 }
  const created = await editor.post(`${MIS}/permissions`, menu)
  assert.deepEqual([created.status, created.body.data.code, created.body.data.parent_id], [201, '/home/new', 0])
  const id = created.body.data.permission_id
  const unknown = { name: '一切', type: 1, code: 'everything-put', sequence: 1 }
  assert.deepEqual(statusAndMessage(await editor.post(`${MIS}/permissions`, unknown)), [400, 'Unknown permission code everything-put.'])
  assert.deepEqual(statusAndMessage(await editor.put(`${MIS}/permissions/${id}`, { type: 1 })), [400, 'Unknown permission code /home/new.'])
  assert.deepEqual(statusAndMessage(await editor.post(`${MIS}/permissions`, menu)), [403, '新菜单 already exists'])
  const child = (await editor.post(`${MIS}/permissions`, { ...menu, name: '子菜单', code: '/home/new/a', parent_id: id })).body.data
  assert.deepEqual(statusAndMessage(await editor.put(`${MIS}/permissions/${id}`, { parent_id: child.permission_id })), [
    400,
    'Invalid parent id.',
  ])
  const below = (await editor.get(`${MIS}/permissions?parent_id=${id}`)).body.data
  assert.deepEqual([below.total_count, below.permissions[0].name], [1, '子菜单'])
  assert.equal((await editor.delete(`${MIS}/permissions/${id}`)).status, 400)
  assert.equal((await editor.delete(`${MIS}/permissions/${id}?del_children=1`)).status, 204)
  assert.deepEqual(statusAndMessage(await editor.get(`${MIS}/permissions/${child.permission_id}`)), [400, 'Invalid permission id.'])
})

test('an operation that the server knows can be renamed and moved, and neither deleted nor made into another one', async () => {
  const [id] = await permissionIdsOf('job-list-get')
  const refused = [400, 'The server needs the operation job-list-get: it can be moved and renamed, not deleted.']
  assert.deepEqual(statusAndMessage(await editor.delete(`${MIS}/permissions/${id}?del_children=1`)), refused)
  assert.deepEqual(statusAndMessage(await editor.put(`${MIS}/permissions/${id}`, { type: 0 })), refused)
  const [users] = await permissionIdsOf('/users')
  const whole = await editor.delete(`${MIS}/permissions/${users}?del_children=1`)
  assert.deepEqual([whole.status, /userlist-get/.test(whole.body.message)], [400, true])
  const { name } = (await editor.get(`${MIS}/permissions/${id}`)).body.data
  assert.equal((await editor.put(`${MIS}/permissions/${id}`, { name: 'jobs', code: 'job-list-get' })).status, 201)
  assert.equal((await editor.put(`${MIS}/permissions/${id}`, { name })).status, 201)
})

test('nobody gives or takes over more than they have', async () => {
  const group = await createGroup('人事', 'administrator-put', 'administrator-list-post', 'group-put', 'group-list-post', 'permission-put')
  await addAdministrator(product, 'mallory', group)
  const mallory = await signInAdministrator(product, 'mallory')
  const [article, permission] = await permissionIdsOf('article-list-put', 'permission-put')
  const tries = [
    mallory.put(`${MIS}/administrators/${mallory.id}`, { group_id: ALL_GROUP }),
    mallory.put(`${MIS}/administrators/${editor.id}`, { password: 'third3password' }),
    mallory.post(`${MIS}/administrators`, { account: 'mallory2', password: 'third3password', group_id: ALL_GROUP, name: 'm' }),
    mallory.put(`${MIS}/groups/${group}`, { permission_ids: [article] }),
    mallory.put(`${MIS}/groups/${ALL_GROUP}`, { name: 'mine' }),
    mallory.post(`${MIS}/groups`, { name: 'mine', permission_ids: [article] }),
    mallory.put(`${MIS}/permissions/${article}`, { name: 'mine' }),
    mallory.put(`${MIS}/permissions/${permission}`, { code: 'job-list-put' }),
  ]
  for (const answer of await Promise.all(tries)) assert.deepEqual(statusAndMessage(answer), [403, 'Permission denied.'])
  for (const current_password of [ADMIN_PASSWORD, 'wrong1word'])
    assert.deepEqual(
      statusAndMessage(await mallory.put(`${MIS}/administrators/${editor.id}`, { current_password })),
      [403, 'Permission denied.'],
      'whether a password is right is not told',
    )
})

test('the last administrator who may do everything can be neither deleted, frozen nor moved', async () => {
  const last = 'The last administrator who may do everything cannot be deleted, frozen or moved to another group.'
  assert.deepEqual(statusAndMessage(await editor.delete(`${MIS}/administrators/${editor.id}`)), [403, last])
  assert.deepEqual(statusAndMessage(await editor.put(`${MIS}/administrators/${editor.id}`, { status: 0 })), [403, last])
  assert.deepEqual(statusAndMessage(await editor.put(`${MIS}/administrators/${editor.id}`, { group_id: MODERATORS })), [403, last])
  assert.equal((await editor.delete(`${MIS}/groups/${ALL_GROUP}`)).status, 403)
  const isLast = async () => (await editor.get(`${MIS}/administrators/${editor.id}`)).body.data.is_last
  assert.equal(await isLast(), true)
  // Two of them freeze each other at the same moment: one stays.
  await addAdministrator(product, 'second', ALL_GROUP)
  assert.equal(await isLast(), false)
  const { groups } = (await editor.get(`${MIS}/groups`)).body.data
  assert.deepEqual([groups[0].group_id, groups[0].has_all, groups[0].administrators], [ALL_GROUP, true, 2])
  const second = await signInAdministrator(product, 'second')
  const answers = await Promise.all([
    editor.put(`${MIS}/administrators/${second.id}`, { status: 0 }),
    second.put(`${MIS}/administrators/${editor.id}`, { status: 0 }),
  ])
  const { rows } = await sql`select from administrator where group_id = ${ALL_GROUP} and not frozen`.execute(product.db)
  assert.ok(rows.length >= 1, answers.map(answer => answer.text).join())
  await product.db.updateTable('administrator').set({ frozen: false }).where('id', '=', editor.id).execute()
  editor = await signInAdministrator(product) // whichever was frozen has no session
})

test("changing one's own password takes the current one", async () => {
  const grace = await addAdministrator(product, 'heidi', ALL_GROUP).then(() => signInAdministrator(product, 'heidi'))
  const own = `${MIS}/administrators/${grace.id}`
  assert.deepEqual(statusAndMessage(await grace.put(own, { password: 'fourth4password' })), [403, 'Current password error.'])
  const wrong = await grace.put(own, { password: 'fourth4password', current_password: 'x' })
  assert.deepEqual(statusAndMessage(wrong), [403, 'Current password error.'])
  const guesses = await Promise.all(
    Array.from({ length: 11 }, (_, i) => grace.put(own, { password: 'fourth4password', current_password: `guess${i}` })),
  )
  assert.ok(guesses.some(({ status }) => status === 429))
  const other = await addAdministrator(product, 'ivan1', ALL_GROUP).then(() => signInAdministrator(product, 'ivan1'))
  const ownPath = `${MIS}/administrators/${other.id}`
  assert.equal((await other.put(ownPath, { password: 'fourth4password', current_password: ADMIN_PASSWORD })).status, 201)
  assert.deepEqual((await lastOperation(product)).after, { password: 'changed' })

  // Ten attempts at another's password, however often one's own is given in between.
  const tried: number[] = []
  const judy = await addAdministrator(product, 'judy1', ALL_GROUP).then(() => signInAdministrator(product, 'judy1'))
  for (let i = 0; i < 11; i++) {
    tried.push((await judy.put(own, { current_password: `guess${i}` })).status)
    if (i % 4 === 3) await judy.put(`${MIS}/administrators/${judy.id}`, { current_password: ADMIN_PASSWORD })
  }
  assert.deepEqual(tried.slice(-2), [403, 429])
})

test('announcements and pinned articles are kept by those who may, and each change is in the log', async () => {
  const alice = await product.signIn('alice')
  const channel = await product.createChannel('公告')
  const [article] = await product.publish([{ channel, title: '置顶的文章' }])
  const added = await editor.post('/v1/admin/announcements', { title: '停机通知', content: '今晚维护<script>x</script>' })
  assert.equal(added.status, 201)
  const { id } = added.body.data
  assert.equal((await editor.get('/v1/admin/announcements')).body.data.results[0].title, '停机通知')
  const shown = (await alice.get(`/app/v1_0/announcements/${id}`)).body.data
  assert.ok(shown.content.includes('今晚维护') && !shown.content.includes('script'))
  assert.equal((await editor.delete(`/v1/admin/announcements/${id}`)).status, 204)
  assert.equal((await lastOperation(product)).operation, 'delete announcement')
  assert.equal((await alice.get(`/app/v1_0/announcements/${id}`)).status, 400)

  assert.equal((await editor.put(`/v1/admin/pinned/${channel}/${article}`)).status, 204)
  const { results } = (await editor.get('/v1/admin/pinned')).body.data
  const own = results.filter((one: { article_id: bigint | string }) => BigInt(one.article_id) === article)
  assert.deepEqual(
    own.map(({ title, published }: { title: string; published: boolean }) => [title, published]),
    [['置顶的文章', true]],
  )
  assert.equal((await editor.delete(`/v1/admin/pinned/${channel}/${article}`)).status, 204)
  assert.equal((await editor.delete(`/v1/admin/pinned/${channel}/${article}`)).status, 404)
  assert.equal((await lastOperation(product)).operation, 'unpin article')
})

test('an administrator for a group, and a permission below another, that are deleted meanwhile are refused with a sentence', async () => {
  const { db } = product
  const { group_id } = (await editor.post(`${MIS}/groups`, { name: '要删的组' })).body.data
  const { permission_id } = (await editor.post(`${MIS}/permissions`, { name: '父', type: 0, code: '/p', sequence: 1 })).body.data
  const answers = await db.transaction().execute(async tx => {
    await sql`lock table permission in share row exclusive mode`.execute(tx)
    await sql`delete from administrator_group where id = ${group_id}`.execute(tx)
    await sql`delete from permission where id = ${permission_id}`.execute(tx)
    const calls = [
      editor.post(`${MIS}/administrators`, { account: 'latecomer', password: 'second2password', group_id, name: 'late' }),
      editor.post(`${MIS}/permissions`, { name: '子', type: 0, code: '/p/c', sequence: 1, parent_id: permission_id }),
    ]
    const waiting = () =>
      sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
        .execute(db)
        .then(({ rows }) => rows.length)
    await eventually(waiting, count => count >= 2)
    return calls
  })
  assert.deepEqual(
    (await Promise.all(answers)).map(({ status, body }) => [status, body.message]),
    [
      [400, 'Invalid group id.'],
      [400, 'Invalid parent id.'],
    ],
  )
})
