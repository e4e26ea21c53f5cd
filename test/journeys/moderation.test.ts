// Sensitive words in what people write, and what editors decide about it: held comments, reports, appeals.

import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import type { Tx } from '../../src/engines/database/database.ts'
import { readDisguised } from '../../src/engines/words/disguised.fixture.ts'
import { createOperationLog } from '../../src/features/admins/operation-log.ts'
import { createWords } from '../../src/features/moderation/words.ts'
import { runCli } from '../support/cli.ts'
import { type Administrator, addAdministrator, lastOperation, MODERATORS, OFFICE_ENV, signInAdministrator } from '../support/office.ts'
import { type Answer, type Person, type Product, startProduct } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'

const MIS = '/mis/v1_0'
let product: Product
let editor: Administrator
let moderator: Administrator
let channel: number
let carol: Person
let alice: Person
let bob: Person
let article: bigint

before(async () => {
  product = await startProduct({ env: OFFICE_ENV })
  editor = await signInAdministrator(product)
  await addAdministrator(product, 'moderator', MODERATORS)
  moderator = await signInAdministrator(product, 'moderator')
  channel = await product.createChannel('科技')
  carol = await product.signInToStudio('carol')
  alice = await product.signIn('alice')
  bob = await product.signIn('bob')
  article = (await product.publish([{ channel, author: carol.id, title: '火星探测器的相机' }]))[0] as bigint
  for (const word of [
    { word: '加微信', action: 'review', weights: 2 },
    { word: '笨蛋', action: 'mask', weights: 1 },
    { word: '赌博', action: 'block', weights: 3 },
  ])
    assert.equal((await editor.post(`${MIS}/sensitive_words`, word)).status, 201)
  // Every process has the list, as it is since the last of them.
  await untilAnswered('赌博', 400)
})

const statusAndMessage = ({ status, body }: Answer) => [status, body?.message]
const comment = (content: string, by = alice) => by.post('/app/v1_0/comments', { target: String(article), content })
/** Until every process answers a comment with this status: requests go to one after another. */
const untilAnswered = (content: string, status: number) =>
  eventually(
    () => Promise.all([1, 2, 3, 4].map(() => comment(content).then(answer => answer.status))),
    statuses => statuses.every(each => each === status),
  )
const commentsOf = async (by: Person) => (await by.get(`/app/v1_0/comments?type=a&source=${article}`)).body.data
const draftOf = (title: string, content: string) => ({ title, content, cover: { type: 0, images: [] }, channel_id: channel })
const write = (title: string, content = '<p>探测器。</p>', query = '') => carol.post(`/mp/v1_0/articles${query}`, draftOf(title, content))
const decide = (by: Administrator, id: unknown, status: number, more: object = {}) =>
  by.put(`${MIS}/articles`, { article_ids: [String(id)], status, ...more })

test('a blocked word refuses a comment and names the word, a masked one is written in asterisks', async () => {
  assert.deepEqual(statusAndMessage(await comment('来賭·博吧')), [400, 'The text contains words that are not allowed here: 赌博'])
  const { status, body } = await comment('你这个笨-蛋啊')
  assert.deepEqual([status, body.data.new_obj.content, body.data.in_review], [201, '你这个***啊', false])
})

test('a comment that is held is seen and counted by nobody until an editor has approved it', async () => {
  await alice.post('/app/v1_0/user/followings', { target: String(carol.id) })
  const { total_count } = await commentsOf(bob)
  const held = await comment('请加微信聊聊')
  assert.deepEqual([held.status, held.body.data.in_review], [201, true])
  const id = String(held.body.data.com_id)
  for (const person of [alice, bob]) assert.equal((await commentsOf(person)).total_count, total_count)
  assert.equal((await bob.post('/app/v1_0/comment/likings', { target: id })).status, 400)
  const isTold = async () =>
    (await carol.get('/v1/notices?after=0&limit=100')).body.data.notices.some((one: any) => one.comment?.content === '请加微信聊聊')
  assert.equal(await isTold(), false)

  const { comments } = (await moderator.get('/v1/admin/held-comments')).body.data
  assert.deepEqual(
    comments.map((one: any) => [one.com_id, one.words, one.aut_id]),
    [[id, ['加微信'], String(alice.id)]],
  )
  const approve = () => moderator.put('/v1/admin/held-comments', { comment_ids: [id], approve: true })
  assert.deepEqual((await Promise.all([approve(), approve()])).map(one => one.body.data.count).toSorted(), [0, 1])
  await eventually(
    async () => (await commentsOf(bob)).total_count,
    count => count === total_count + 1,
  )
  await eventually(isTold, Boolean)
  const refused = String((await comment('再加微信')).body.data.com_id)
  await moderator.put('/v1/admin/held-comments', { comment_ids: [refused], approve: false })
  assert.deepEqual([(await lastOperation(product)).operation, (await lastOperation(product)).after], ['reject comment', { status: 2 }])
  assert.equal((await commentsOf(bob)).total_count, total_count + 1)
})

test('an article with a blocked word is refused when it is submitted, not as a draft; masked words are masked in its text', async () => {
  const refused = await write('赌博的历史故事')
  assert.deepEqual(statusAndMessage(refused), [400, 'The text contains words that are not allowed here: 赌博'])
  assert.equal((await write('赌博的历史故事', '<p>x</p>', '?draft=true')).status, 201)
  const { body } = await write('一篇普通的文章', '<p>他是<b>笨</b>蛋，请加微信。</p>')
  const shown = (await moderator.get(`${MIS}/articles/${body.data.id}`)).body.data
  assert.match(shown.content, /他是<b>\*<\/b>\*，请加微信/)
  assert.deepEqual(shown.words, ['加微信'])
  const hit = await product.db.selectFrom('moderation_hit').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()
  assert.deepEqual(
    [hit.subject, String(hit.subject_id), hit.action, hit.words],
    ['article', String(body.data.id), 'review', ['加微信', '笨蛋']],
  )
})

test('an edit of a published article waits for a review again, and the new text is never seen before it', async () => {
  const { id } = (await write('一篇要改的文章')).body.data
  await decide(moderator, id, 2)
  const opens = () => alice.get(`/app/v1_0/articles/${id}`)
  await eventually(opens, ({ status }) => status === 200)
  // Readers who look all the time, while the author edits and an editor decides about what was there before.
  const { version } = (await moderator.get(`${MIS}/articles/${id}`)).body.data
  let isDone = false
  const seen = (async () => {
    const texts: string[] = []
    while (!isDone) texts.push((await opens()).text)
    return texts
  })()
  await carol.put(`/mp/v1_0/articles/${id}`, draftOf('一篇改过的文章', '<p>偷换的正文。</p>'))
  const late = await decide(moderator, id, 2, { versions: [version] })
  assert.deepEqual(statusAndMessage(late), [403, '文章《一篇改过的文章》在您查看之后已被修改，请重新审核。'])
  await eventually(opens, ({ status }) => status === 404)
  isDone = true
  assert.ok((await seen).every(text => !text.includes('偷换')))
  assert.equal((await carol.get(`/mp/v1_0/articles/${id}`)).body.data.status, 1)
})

test('of two editors who decide at once about what both have read, the second is told who decided and what', async () => {
  const { id } = (await write('两位编辑都在看的文章')).body.data
  const { version } = (await moderator.get(`${MIS}/articles/${id}`)).body.data
  await decide(moderator, id, 3, { reject_reason: '标题党', versions: [version] })
  assert.deepEqual(statusAndMessage(await decide(editor, id, 2, { versions: [version] })), [
    403,
    '文章《两位编辑都在看的文章》的状态是“审核失败”（moderator 已驳回），不能审核通过。',
  ])
  // It is its author who has changed the status since: the decision before says nothing.
  await carol.put(`/mp/v1_0/articles/${id}?draft=true`, draftOf('两位编辑都在看的文章', '<p>x</p>'))
  assert.equal((await decide(editor, id, 2)).body.message, '文章《两位编辑都在看的文章》的状态是“草稿”，不能审核通过。')
})

test('a name or an introduction with any of the words is refused', async () => {
  assert.equal((await bob.patch('/app/v1_0/user/profile', { name: '笨蛋鲍勃' })).status, 400)
  const { field, reason, words } = (await bob.patch('/app/v1_0/user/profile', { name: '鲍勃', intro: '加 微 信' })).body
  assert.deepEqual([field, reason, words.length], ['intro', 'words', 1])
  assert.equal((await bob.patch('/app/v1_0/user/profile', { birthday: '2199-01-01' })).body.field, 'birthday')
  assert.equal((await bob.patch('/app/v1_0/user/profile', { intro: '你好' })).status, 201)
  const user = { account: 'dave1', password: 'not1kept', name: '戴夫', mobile: '13800000777', gender: 0 }
  for (const text of [{ name: '笨蛋戴夫' }, { introduction: '加 微 信' }]) {
    const { status, body } = await editor.post(`${MIS}/users`, { ...user, ...text })
    assert.deepEqual([status, body.message.startsWith('The text contains words that are not allowed here: ')], [400, true])
  }
})

test('a word is changed and deleted while the product runs; words that would match everything and unknown ids are refused', async () => {
  const created = (await editor.post(`${MIS}/sensitive_words`, { word: '外星人', weights: 0, action: 'block', by_sound: true })).body.data
  assert.deepEqual([created.word, created.weights, created.hold_count, created.action], ['外星人', 0, 0, 'block'])
  await untilAnswered('wai xing ren 来了', 400)
  const found = (await editor.get(`${MIS}/sensitive_words?word=外星`)).body.data
  assert.deepEqual([found.total_count, found.words[0].hold_count > 0], [1, true])
  assert.equal((await editor.put(`${MIS}/sensitive_words/${created.id}`, { word: '外星人', weights: 5, by_sound: false })).status, 201)
  assert.deepEqual((await lastOperation(product)).before, { weights: 0, by_sound: true })
  await untilAnswered('wai xing ren 来了', 201)
  assert.equal((await comment('外星人')).status, 400)
  assert.equal((await editor.delete(`${MIS}/sensitive_words/${created.id}`)).status, 204)
  await untilAnswered('外星人', 201)

  const post = (word: string) => editor.post(`${MIS}/sensitive_words`, { word, weights: 0 })
  for (const word of ['的', 'a', '。。', ' 的 ', '\u200b的']) assert.equal((await post(word)).status, 400, word)
  for (const word of ['赌博', '赌 博', '賭-博']) assert.deepEqual(statusAndMessage(await post(word)), [403, '赌博 already exists'])
  assert.deepEqual(statusAndMessage(await editor.get(`${MIS}/sensitive_words/777`)), [403, '777 is not exists'])
  assert.deepEqual(statusAndMessage(await editor.delete(`${MIS}/sensitive_words/777`)), [403, '777 is not exists'])
  assert.equal((await editor.post(`${MIS}/sensitive_words`, { word: '合理的词', weights: -1 })).status, 400)
  assert.equal((await moderator.post(`${MIS}/sensitive_words`, { word: '合理的词', weights: 1 })).status, 403)
})

test('as many words as one request may have are imported, and again change nothing', async () => {
  const words = Array.from({ length: 2_000 }, (_, i) => ({
    word: `敏感${'词'.repeat(40)}${i}`,
    weights: 0,
    action: 'mask',
    by_sound: false,
  }))
  const bodies = [await editor.post('/v1/admin/words/import', { words }), await editor.post('/v1/admin/words/import', { words })]
  assert.deepEqual(
    bodies.map(({ status, body }) => [status, body.data?.added, body.data?.unchanged]),
    [
      [200, 2_000, 0],
      [200, 0, 2_000],
    ],
  )
  await product.db.deleteFrom('sensitive_word').where('word', 'like', '敏感%').execute()
})

test('a word that stands in most articles is refused, and a dry run says where a word stands', async () => {
  await product.publish(Array.from({ length: 60 }, (_, i) => ({ channel, title: `今日新闻第${i}条${i === 7 ? '彩票' : ''}` })))
  const { status, body } = await editor.post(`${MIS}/sensitive_words`, { word: '今日新闻', weights: 0 })
  assert.deepEqual(
    [status, /^今日新闻 would match nearly everything: it stands in 6\d of the newest 6\d articles$/.test(body.message)],
    [400, true],
  )
  const run = (await moderator.post('/v1/admin/words/dry-run', { words: [{ word: '彩票' }, { word: '没有的词' }], days: 1 })).body.data
  assert.deepEqual(
    run.results.map((one: any) => [one.word, one.articles, one.samples.map((sample: any) => sample.title)]),
    [
      ['彩票', 1, ['今日新闻第7条彩票']],
      ['没有的词', 0, []],
    ],
  )
  assert.ok(run.scanned >= 60)
  const box = (await moderator.post('/v1/admin/words/test', { text: '這個笨-蛋去賭_博' })).body.data
  assert.deepEqual([box.action, box.masked, box.folded], ['block', '這個***去賭_博', '这个笨蛋去赌博'])
  assert.deepEqual(
    box.matches.map((one: any) => [one.word, one.from, one.to]),
    [
      ['笨蛋', 2, 5],
      ['赌博', 6, 9],
    ],
  )
})

test('what readers report waits in one queue; an editor decides once about each thing, and of two who decide at once one is told', async () => {
  const [reported] = (await product.publish([{ channel, author: carol.id, title: '被举报的文章' }])) as bigint[]
  const reply = String((await comment('被举报的评论')).body.data.com_id)
  await alice.post('/app/v1_0/article/reports', { target: String(reported), type: 0, remark: '抄袭' })
  await bob.post('/app/v1_0/article/reports', { target: String(reported), type: 6 })
  assert.equal((await bob.post(`/v1/comments/${reply}/reports`, { type: 2 })).status, 204)
  const { reports } = (await moderator.get('/v1/admin/reports')).body.data
  assert.deepEqual(
    reports.map((one: any) => [one.kind, one.target_id, one.text, one.reports, one.types, one.remarks]),
    [
      ['article', String(reported), '被举报的文章', 2, [0, 6], ['抄袭']],
      ['comment', reply, '被举报的评论', 1, [2], []],
    ],
  )
  const remove = (kind: string, id: unknown, by = moderator) => by.put(`/v1/admin/reports/${kind}/${id}`, { decision: 'remove' })
  const answers = await Promise.all([remove('article', reported), remove('article', reported, editor)])
  assert.deepEqual(answers.map(one => one.status).toSorted(), [200, 409])
  const { administrator_name: quicker } = await lastOperation(product)
  const refused = answers.find(one => one.status === 409)
  assert.equal(refused?.body.message, `No report of it is waiting: ${quicker} has decided to remove it.`)
  await eventually(
    async () => (await alice.get(`/app/v1_0/articles/${reported}`)).status,
    status => status === 404,
  )
  assert.equal((await remove('comment', reply)).status, 200)
  assert.ok((await commentsOf(bob)).results.every((one: any) => String(one.com_id) !== reply))
  assert.equal((await moderator.get('/v1/admin/reports')).body.data.total_count, 0)
  assert.equal((await remove('comment', 77)).status, 409)
})

test('an author reads why an article was banned, appeals once, and a granted appeal publishes it again', async () => {
  const { id } = (await write('被误封的文章')).body.data
  await decide(moderator, id, 2)
  await decide(moderator, id, 5, { reject_reason: '涉嫌抄袭' })
  const decisions = async () =>
    (await carol.get('/v1/studio/decisions')).body.data.results.filter((one: any) => one.article_id === String(id))
  assert.deepEqual((await decisions()).map((one: any) => [one.action, one.reason, one.appeal_status])[0], ['ban', '涉嫌抄袭', null])
  const appeal = (by: Person, reason: string) => by.post(`/v1/studio/articles/${id}/appeals`, { reason })
  assert.equal((await appeal(carol, '  ')).status, 400)
  assert.equal((await appeal(bob, '不是我的')).status, 409)
  assert.equal((await appeal(carol, '这是原创')).status, 204)
  assert.equal((await appeal(carol, '再说一次')).status, 409)
  const { appeals } = (await moderator.get('/v1/admin/appeals')).body.data
  assert.deepEqual(
    appeals.map((one: any) => [one.title, one.reason, one.decision, one.decision_reason, one.reviewer]),
    [['被误封的文章', '这是原创', 'ban', '涉嫌抄袭', 'moderator']],
  )
  const grant = () => editor.put(`/v1/admin/appeals/${appeals[0].id}`, { granted: true, answer: '核实为原创' })
  assert.deepEqual((await Promise.all([grant(), grant()])).map(one => one.status).toSorted(), [204, 409])
  await eventually(
    async () => (await alice.get(`/app/v1_0/articles/${id}`)).status,
    status => status === 200,
  )
  assert.deepEqual(
    (await decisions()).map((one: any) => one.action),
    ['overturn', 'ban', 'approve'],
  )
  assert.deepEqual((await decisions())[1].appeal_answer, '核实为原创')
})

test('an edit ends an appeal, so no appeal publishes a text that an editor has not read', async () => {
  const { id } = (await write('被驳回的文章')).body.data
  await decide(moderator, id, 3, { reject_reason: '标题党' })
  const appeal = () => carol.post(`/v1/studio/articles/${id}/appeals`, { reason: '不同意' })
  assert.equal((await appeal()).status, 204)
  const waiting = async () => (await moderator.get('/v1/admin/appeals')).body.data.appeals
  const [stale] = await waiting()
  assert.equal((await carol.put(`/mp/v1_0/articles/${id}`, draftOf('被驳回的文章', '<p>换过的正文。</p>'))).status, 201)
  assert.deepEqual(await waiting(), [])
  await decide(moderator, id, 3, { reject_reason: '正文不当' })
  assert.equal((await editor.put(`/v1/admin/appeals/${stale.id}`, { granted: true })).status, 409)
  assert.equal((await alice.get(`/app/v1_0/articles/${id}`)).status, 404)
  assert.equal((await appeal()).status, 204)
  assert.equal((await waiting())[0].decision_reason, '正文不当')
})

test('in comments, 95 of a hundred disguised spellings are held back', async t => {
  const disguised = readDisguised()
  const words = [...new Set(disguised.map(({ word }) => word))]
  for (const word of words) await editor.post(`${MIS}/sensitive_words`, { word, weights: 0, action: 'block', by_sound: true })
  await untilAnswered(words.at(-1) as string, 400)
  let refused = 0
  for (const { spelling } of disguised) if ((await comment(`看这个 ${spelling} 吧`)).status === 400) refused++
  t.diagnostic(`${refused} of ${disguised.length} refused`)
  assert.ok(refused >= disguised.length * 0.95)
})

test('the command line adds, imports, tests and removes words, and a running server uses them', async () => {
  const env = { DATA_DIR: product.dataDir, DATABASE_URL: product.databaseUrl }
  const run = async (...args: string[]) => runCli(env, ['words', ...args, '--json'])
  assert.equal((await run('add', '月球人', 'block', 'sound')).json.by_sound, true)
  await untilAnswered('yueqiuren', 400)
  const file = join(product.dataDir, 'words.txt')
  await writeFile(file, '# a comment\n木星人,mask\n木 星人\n的\n月 球人,block\n\n土星人,吃掉\n')
  const imported = await run('import', file)
  assert.deepEqual([imported.code, imported.json.added, imported.json.unchanged], [3, 1, 2])
  assert.deepEqual(
    imported.json.refused.map(({ line, word }: any) => [line, word]),
    [
      [7, '土星人,吃掉'],
      [4, '的'],
    ],
  )
  const forPeople = async (...args: string[]) => (await runCli(env, ['words', ...args])).out
  assert.match(await forPeople('import', file), /^line 7: 土星人,吃掉: a line is .*\nline 4: 的: .*\nadded: 0\nunchanged: 3\n$/)
  assert.match(await forPeople('list'), /^word .*\n(.*\n)*木星人 +mask\n/)
  assert.equal((await run('test', '木-星-人')).json.masked, '*****')
  assert.match(await forPeople('test', '见木-星-人'), /^word .*\n木星人 +mask +木-星-人\naction: mask\n/)
  assert.match(await forPeople('dry-run', '月球人'), /^id +title\n(\d+ .*\n)*articles: \d+\nscanned: \d+\n$/)
  assert.equal((await run('remove', '月球人')).json.word, '月球人')
  await untilAnswered('yueqiuren', 201)
  assert.equal((await lastOperation(product)).administrator_name, 'command line')
})

/** Runs `work` until so many statements wait for the lock that `lock` takes; then lets it go. */
async function whileLocked<T>(
  lock: (tx: Tx) => Promise<unknown>,
  work: (untilWaiting: (statements: number) => Promise<unknown>) => Promise<T>,
) {
  const waiting = async () => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
      product.db,
    )
    return rows[0]?.count ?? 0
  }
  return product.db.transaction().execute(async tx => {
    await lock(tx)
    return work(statements => eventually(waiting, count => count >= statements))
  })
}

test('an editor who ends a ban and one who grants the appeal against it do not wait for each other in a circle', async () => {
  const { id } = (await write('被误封的文章')).body.data
  for (const status of [2, 5]) assert.equal((await decide(editor, id, status)).status, 201)
  assert.equal((await carol.post(`/v1/studio/articles/${id}/appeals`, { reason: '原创' })).status, 204)
  const appeal = (await editor.get('/v1/admin/appeals')).body.data.appeals.find((one: any) => String(one.article_id) === String(id))
  const both = await whileLocked(
    tx => sql`select from article where id = ${id} for update`.execute(tx),
    async untilWaiting => {
      const unban = decide(editor, id, 6)
      await untilWaiting(1)
      const grant = moderator.put(`/v1/admin/appeals/${appeal.id}`, { granted: true })
      await untilWaiting(2)
      return [unban, grant]
    },
  )
  assert.deepEqual(
    (await Promise.all(both)).map(({ status }) => status),
    [201, 409],
  )
})

test('two administrators who change one word at once both change it, and only one of two deletes it', async () => {
  const { id } = (await editor.post(`${MIS}/sensitive_words`, { word: '外星人来了', weights: 0, action: 'mask' })).body.data
  const path = `${MIS}/sensitive_words/${id}`
  const atOnce = async (calls: (() => Promise<Answer>)[]) => {
    const answers = await whileLocked(
      tx => sql`select from sensitive_word where id = ${id} for update`.execute(tx),
      async untilWaiting => {
        const all = calls.map(call => call())
        await untilWaiting(calls.length)
        return all
      },
    )
    return (await Promise.all(answers)).map(({ status }) => status).toSorted()
  }
  assert.deepEqual(await atOnce([() => editor.put(path, { weights: 5 }), () => editor.put(path, { action: 'block' })]), [201, 201])
  const { weights, action } = (await editor.get(path)).body.data
  assert.deepEqual([weights, action], [5, 'block'])
  assert.deepEqual(await atOnce([() => editor.delete(path), () => editor.delete(path)]), [204, 403])
})

test('a reported article that its author edits before an editor decides is rejected, and the reason is stored as all texts are', async () => {
  const { id } = (await write('会被举报的文章')).body.data
  await decide(editor, id, 2)
  await alice.post('/app/v1_0/article/reports', { target: String(id), type: 0, remark: '广告' })
  await carol.put(`/mp/v1_0/articles/${id}`, draftOf('会被举报的文章', '<p>改过。</p>'))
  const remove = (reason: string) => editor.put(`/v1/admin/reports/article/${id}`, { decision: 'remove', reason })
  assert.equal((await remove(`${'长'.repeat(700)}\u202e`)).status, 400)
  const { status, body } = await remove('广\0告')
  assert.deepEqual([status, body.data], [200, { removed: true }])
  const { data } = (await carol.get(`/mp/v1_0/articles/${id}`)).body
  assert.deepEqual([data.status, data.reject_reason], [3, '广告'])
})

test('an author who deletes an article ends their appeal', async () => {
  const { id } = (await write('申诉之后删除的文章')).body.data
  await decide(editor, id, 3, { reject_reason: 'x' })
  assert.equal((await carol.post(`/v1/studio/articles/${id}/appeals`, { reason: '原创' })).status, 204)
  assert.equal((await carol.delete(`/mp/v1_0/articles/${id}`)).status, 204)
  assert.ok((await editor.get('/v1/admin/appeals')).body.data.appeals.every((one: any) => String(one.article_id) !== String(id)))
})

test('words count in what pictures and links say of themselves', async () => {
  const link = (title: string) => `<p>x<img src="/files/x.png" alt="&lt;风景&gt;"><a href="https://x.example/" title="${title}">y</a></p>`
  assert.equal((await write('链接的标题一', link('赌&amp;博'))).status, 400)
  const { id } = (await write('链接的标题二', link('你这&quot;个笨蛋啊'))).body.data
  assert.match((await editor.get(`${MIS}/articles/${id}`)).body.data.content, /alt="&lt;风景&gt;".* title="你这&quot;个\*\*啊"/)
})

test('a comment whose words cannot be noted is not stored', async () => {
  await sql`alter table moderation_hit add constraint unwritable check (subject <> 'comment') not valid`.execute(product.db)
  const { total_count } = await commentsOf(alice)
  try {
    assert.equal((await comment('又一个笨蛋')).status, 500)
  } finally {
    await sql`alter table moderation_hit drop constraint unwritable`.execute(product.db)
  }
  assert.equal((await commentsOf(alice)).total_count, total_count)
})

test('one dry run goes on at a time, and it ends in time', async () => {
  const { db } = product
  let now = Date.now()
  const words = createWords({ db, clock: () => now++, operationLog: createOperationLog({ db }) })
  const given = [{ word: '火星', bySound: false }]
  const first = words.dryRun(given, 365)
  await assert.rejects(words.dryRun(given, 365), /under way/)
  assert.ok((await first).scanned > 0)
  const late = createWords({ db, clock: () => (now += 60_000), operationLog: createOperationLog({ db }) })
  assert.equal((await late.dryRun(given, 365)).scanned, 0)
})
