// Chat between readers: what is sent is stored once and in one order; receipts, deleting, blocking, reporting; pushes.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { silentLog } from '../../src/base/log.ts'
import { deleteForgottenMessages } from '../../src/features/chat/deletions.sql.ts'
import { createDeletion } from '../../src/features/personal-data/deletion.ts'
import { signInAdministrator } from '../support/office.ts'
import { type Person, type Product, SETTING } from '../support/product.ts'
import { useSharedProduct } from '../support/shared-product.ts'
import { openSocket } from '../support/sockets.ts'
import { eventually, within } from '../support/waiting.ts'

let product: Product
let [alice, bob, carol, mallory] = [] as unknown as [Person, Person, Person, Person]
let names = 0

before(async () => {
  product = await useSharedProduct()
  const people = await Promise.all(['alice', 'bob', 'carol', 'mallory'].map(name => product.signIn(name)))
  ;[alice, bob, carol, mallory] = people as [Person, Person, Person, Person]
})

interface Message {
  seq: number
  id: string
  sender_id: string
  text: string
  is_removed: boolean
  article: { id: string; title: string } | null
}

const write = (from: Person, to: { id: bigint }, text: string, client_id = `m${names++}`) =>
  from.post(`/v1/chats/${to.id}/messages`, { client_id, text })
const chatOf = async (reader: Person, peer: { id: bigint }, query = 'after=0&limit=100') =>
  (await reader.get(`/v1/chats/${peer.id}/messages?${query}`)).body.data
const textsOf = async (reader: Person, peer: { id: bigint }, query?: string): Promise<string[]> =>
  (await chatOf(reader, peer, query)).messages.map(({ text }: Message) => text)
const chatsOf = async (reader: Person) => (await reader.get('/v1/chats')).body.data

/** Two readers who have never met. */
async function signInPair(): Promise<[Person, Person]> {
  const numbers = [names++, names++]
  return (await Promise.all(numbers.map(n => product.signIn(`reader ${n}`, `138100${String(n).padStart(5, '0')}`)))) as [Person, Person]
}

test('readers who write at the same time see all messages in one order, with the numbers from 1 on', async () => {
  const [one, other] = await signInPair()
  const sent = await Promise.all(
    Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? write(one, other, `${i}`) : write(other, one, `${i}`))),
  )
  assert.deepEqual([...new Set(sent.map(({ status }) => status))], [201])
  const [here, there] = [await chatOf(one, other), await chatOf(other, one)]
  assert.deepEqual(here.messages, there.messages)
  assert.deepEqual(
    here.messages.map(({ seq }: Message) => seq),
    Array.from({ length: 20 }, (_, i) => i + 1),
  )
  const bySeq = sent.map(({ body }) => body.data).toSorted((a, b) => a.seq - b.seq)
  assert.deepEqual(here.messages, bySeq)
})

test('a chat that is locked for a while keeps nobody else waiting', async () => {
  const [one, other] = await signInPair()
  await write(one, other, '0')
  await write(other, one, '1')
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const { promise: locked, resolve: noteLock } = Promise.withResolvers<void>()
  const holder = product.db.transaction().execute(async tx => {
    await sql`select from chat where id = (select chat_id from chat_side where reader_id = ${one.id}) for update`.execute(tx)
    noteLock()
    await held
  })
  await within(locked, 'a transaction has the lock')
  const waiting = Array.from({ length: 40 }, (_, i) => write(i % 2 ? one : other, i % 2 ? other : one, `${i}`))
  const [carl, dora] = await signInPair()
  assert.equal((await write(carl, dora, 'hi')).status, 201)
  release()
  await holder
  assert.deepEqual([...new Set((await Promise.all(waiting)).map(({ status }) => status))], [201])
})

test('a message that is sent again is stored once and answered alike, also when both arrive together', async () => {
  const [one, other] = await signInPair()
  await write(one, other, 'first')
  const answers = await Promise.all(Array.from({ length: 5 }, () => write(one, other, 'hi', 'same')))
  answers.push(await write(one, other, 'hi', 'same'))
  assert.equal(new Set(answers.map(({ status, body }) => `${status} ${body.data.id}`)).size, 1)
  assert.equal((await write(one, other, 'another text', 'same')).status, 409)
  assert.deepEqual(await textsOf(other, one), ['first', 'hi'])
  // The name is the sender's own.
  assert.equal((await write(other, one, 'hello', 'same')).status, 201)
  assert.deepEqual(await textsOf(one, other), ['first', 'hi', 'hello'])
})

test('history is read in pages from either end', async () => {
  const [one, other] = await signInPair()
  for (let i = 1; i <= 7; i++) await write(i % 2 ? one : other, i % 2 ? other : one, `${i}`)
  assert.deepEqual(await textsOf(one, other, 'limit=3'), ['5', '6', '7'])
  assert.deepEqual(await textsOf(one, other, 'limit=3&before=5'), ['2', '3', '4'])
  assert.deepEqual(await textsOf(one, other, 'limit=3&after=0'), ['1', '2', '3'])
  assert.deepEqual(await textsOf(one, other, 'limit=3&after=6'), ['7'])
  for (const query of ['limit=0', 'limit=101', 'after=-1', 'before=0', 'after=x', 'after=99999999999'])
    assert.equal((await one.get(`/v1/chats/${other.id}/messages?${query}`)).status, 400, query)
})

test('a chat is listed with its newest message and the unread count, until it is read', async () => {
  const [one, other] = await signInPair()
  await write(one, other, 'first')
  await write(one, other, 'second')
  const [chat] = (await chatsOf(other)).chats
  assert.deepEqual([chat.reader.id, chat.unread, chat.last.text, chat.last_seq], [String(one.id), 2, 'second', 2])
  assert.equal((await other.get('/v1/chats/unread')).body.data.unread, 2)
  assert.equal((await chatsOf(one)).unread, 0, 'what one has written is not unread')

  assert.deepEqual(await receiptsOf(one, other), [0, 0])
  await other.post(`/v1/chats/${one.id}/receipts`, { delivered: 2 })
  assert.deepEqual(await receiptsOf(one, other), [2, 0])
  const read = await other.post(`/v1/chats/${one.id}/receipts`, { read: 1 })
  assert.equal(read.body.data.unread, 1)
  assert.deepEqual(await receiptsOf(one, other), [2, 1])
  await other.post(`/v1/chats/${one.id}/receipts`, { read: 2_000_000 })
  await other.post(`/v1/chats/${one.id}/receipts`, { read: 1, delivered: 0 })
  assert.deepEqual(await receiptsOf(one, other), [2, 2], 'receipts do not go back, nor beyond the newest message')
  assert.equal((await chatsOf(other)).unread, 0)
  assert.equal((await one.post(`/v1/chats/${carol.id}/receipts`, { read: 1 })).status, 404)
})

test('whoever has read everything has also read what they write, and a message of the other reader stays unread', async () => {
  const [one, other] = [carol, mallory]
  const side = async () => {
    const { rows } = await sql<{ delivered_seq: number; read_seq: number; version: string }>`
      select delivered_seq, read_seq, xmin::text as version from chat_side where reader_id = ${one.id} and peer_id = ${other.id}`.execute(
      product.db,
    )
    return rows[0] as (typeof rows)[0]
  }
  const ownReceipts = async () => [(await side()).delivered_seq, (await side()).read_seq]
  for (const text of ['1', '2']) await write(one, other, text)
  assert.deepEqual(await ownReceipts(), [2, 2])
  await write(other, one, '3')
  await write(one, other, '4')
  assert.deepEqual(await ownReceipts(), [2, 2])
  assert.equal((await chatsOf(one)).unread, 1)
  await one.post(`/v1/chats/${other.id}/receipts`, { delivered: 3 })
  await write(one, other, '5')
  assert.deepEqual(await ownReceipts(), [3, 2])
  await one.post(`/v1/chats/${other.id}/receipts`, { read: 5 })
  assert.deepEqual(await ownReceipts(), [5, 5])
  const { version } = await side()
  await one.post(`/v1/chats/${other.id}/receipts`, { read: 5 })
  assert.equal((await side()).version, version, 'a receipt that says nothing new writes nothing')
})

const receiptsOf = async (reader: Person, peer: Person) => {
  const { delivered_up_to, read_up_to } = await chatOf(reader, peer)
  return [delivered_up_to, read_up_to]
}

test('chats are listed in pages, the newest first', async () => {
  const [one] = await signInPair()
  for (const person of [alice, bob, carol]) await write(one, person, 'hi')
  const first = (await one.get('/v1/chats?limit=2')).body.data
  const second = (await one.get(`/v1/chats?limit=2&before=${first.next}`)).body.data
  const ids = [...first.chats, ...second.chats].map(({ reader }) => reader.id)
  assert.deepEqual(
    ids,
    [carol, bob, alice].map(({ id }) => String(id)),
  )
  assert.equal(second.next, null)
})

test('what a reader deletes is gone for them alone, and a chat that was deleted comes back with a new message', async () => {
  const [one, other] = await signInPair()
  for (const text of ['a', 'b', 'c']) await write(one, other, text)
  assert.equal((await other.delete(`/v1/chats/${one.id}/messages/2`)).status, 204)
  assert.equal((await other.delete(`/v1/chats/${one.id}/messages/2`)).status, 404)
  assert.deepEqual(await textsOf(other, one), ['a', 'c'])
  assert.deepEqual(await textsOf(one, other), ['a', 'b', 'c'])
  assert.equal((await other.get('/v1/chats/unread')).body.data.unread, 2)

  assert.equal((await other.delete(`/v1/chats/${one.id}`)).status, 204)
  assert.deepEqual([(await chatsOf(other)).chats, await textsOf(other, one)], [[], []])
  assert.equal((await chatsOf(one)).chats.length, 1)
  await write(one, other, 'd')
  assert.deepEqual(await textsOf(other, one), ['d'])
  assert.equal((await chatsOf(other)).chats[0].unread, 1)

  // What neither has any more is no longer stored.
  const stored = async () =>
    (
      await sql<{ content: string }>`select content from chat_message where sender_id = ${one.id} order by seq`.execute(product.db)
    ).rows.map(row => row.content)
  await one.delete(`/v1/chats/${other.id}/messages/2`)
  await dropForgotten()
  assert.deepEqual(await stored(), ['a', 'c', 'd'])
  await one.delete(`/v1/chats/${other.id}`)
  await dropForgotten()
  assert.deepEqual(await stored(), ['d'])
})

/** As the job does, in small steps. Returns how many messages were deleted. */
async function dropForgotten(): Promise<number> {
  for (let sum = 0; ; ) {
    const { deleted, looked } = await deleteForgottenMessages(product.db, 3)
    sum += deleted
    if (looked === 0) return sum
  }
}

test('the job that drops messages looks at them once after each deletion, and waits for reports and for both readers', async () => {
  const [one, other] = await signInPair()
  for (let i = 1; i <= 10; i++) await write(i % 2 ? one : other, i % 2 ? other : one, `${i}`)
  await dropForgotten()
  assert.equal((await other.post(`/v1/chats/${one.id}/messages/3/reports`, { type: 1 })).status, 204)
  await other.delete(`/v1/chats/${one.id}`)
  assert.equal(await dropForgotten(), 0, 'one of them has all')
  assert.equal((await deleteForgottenMessages(product.db, 3)).looked, 0, 'what one of them has is not looked at again')
  for (const seq of [1, 2, 3]) await one.delete(`/v1/chats/${other.id}/messages/${seq}`)
  assert.equal(await dropForgotten(), 2, 'a report of the third waits')
  await sql`update chat_report set handled_at = now() where reader_id = ${other.id}`.execute(product.db)
  assert.equal(await dropForgotten(), 1)
  await createDeletion({ db: product.db, log: silentLog }).deleteAtOnce(one.id, async () => {})
  assert.equal(await dropForgotten(), 4, 'those of the other reader, who had deleted them; their own went with the account')
  const chats = async () =>
    (
      await sql`select from chat where low_id = ${one.id} and high_id = ${other.id} or low_id = ${other.id} and high_id = ${one.id}`.execute(
        product.db,
      )
    ).rows.length
  assert.equal(await chats(), 1)
  await createDeletion({ db: product.db, log: silentLog }).deleteAtOnce(other.id, async () => {})
  await dropForgotten()
  assert.equal(await chats(), 0, 'a chat of two deleted accounts goes')
})

test('when one of two readers blocks the other, neither can write, and no receipts are told', async () => {
  const [one, other] = await signInPair()
  await write(one, other, 'hi')
  await write(other, one, 'hello')
  await other.post('/v1_0/user/blacklists', { target: one.id })
  const refused = await write(one, other, 'still there?')
  assert.deepEqual([refused.status, refused.body.message], [403, 'You cannot write to this reader.'])
  assert.deepEqual(
    [(await write(other, one, 'no')).status, (await write(other, one, 'no')).body.message],
    [403, 'You have blocked this reader.'],
  )
  await other.post(`/v1/chats/${one.id}/receipts`, { read: 1 })
  const chat = await chatOf(one, other)
  assert.deepEqual([chat.can_write, chat.is_blocked, chat.delivered_up_to, chat.read_up_to], [false, false, null, null])
  assert.deepEqual(await textsOf(one, other), ['hi', 'hello'], 'what was written stays')
  await other.delete(`/v1_0/user/blacklists/${one.id}`)
  assert.equal((await write(one, other, 'again')).status, 201)
})

test('a stranger who gets no answer may write twenty messages, and a sender who floods is asked to wait', async () => {
  const [one, other] = await signInPair()
  for (let i = 0; i < 20; i++) assert.equal((await write(one, other, `${i}`)).status, 201)
  const unanswered = await write(one, other, 'more')
  assert.deepEqual([unanswered.status, unanswered.body.reason], [403, 'unanswered'])
  await write(other, one, 'yes?')
  assert.equal((await write(one, other, 'more')).status, 201)
  const flood = Array.from({ length: 150 }, (_, i) => write(one, other, `flood ${i}`))
  const refused = (await Promise.all(flood)).find(({ status }) => status === 429)
  assert.ok(refused && Number(refused.headers.get('retry-after')) > 0, 'one of the flood is refused, and told when to try again')
  assert.equal((await write(other, one, 'stop')).status, 201, 'others are not kept waiting')
})

test('a chat that was answered stays open to both readers when all its messages are gone', async () => {
  const [one, other] = await signInPair()
  for (let i = 0; i < 20; i++) await write(i % 2 ? other : one, i % 2 ? one : other, `${i}`)
  await one.delete(`/v1/chats/${other.id}`)
  await other.delete(`/v1/chats/${one.id}`)
  await dropForgotten()
  assert.equal((await write(one, other, 'again')).status, 201)
  assert.equal((await write(other, one, 'yes')).status, 201)
})

test('only text is sent, without control characters and overrides of its direction, and nothing that another reader wrote can be changed', async () => {
  const [one, other] = await signInPair()
  const controls = Array.from({ length: 160 }, (_, i) => String.fromCodePoint(i)).filter(c => /\p{Cc}/u.test(c))
  const sent = await write(one, other, `a${controls.join('')}b\u{202e}`.replace('\0', ''))
  assert.deepEqual([sent.status, sent.body.data.text], [201, 'a\t\n\nb'])
  for (const text of ['', '   ', '\u200b', controls.join('').replace('\0', ''), 'x'.repeat(2_001), 7, null, {}, ['a']])
    assert.equal((await one.post(`/v1/chats/${other.id}/messages`, { client_id: `m${names++}`, text })).status, 400, JSON.stringify(text))
  for (const client_id of ['', ' ', 'x'.repeat(65), 'ü', 1, null])
    assert.equal((await one.post(`/v1/chats/${other.id}/messages`, { client_id, text: 'hi' })).status, 400, JSON.stringify(client_id))
  for (const id of [one.id, 0, 1, 'x', 9_007_199_254_740_993n])
    assert.equal((await write(one, { id } as Person, 'hi')).status, 404, String(id))
  assert.equal((await one.post(`/v1/chats/${other.id}/messages`, Buffer.from([0, 1, 2]))).status, 400)
  assert.equal((await product.request('GET', `/v1/chats/${other.id}/messages`)).status, 401)
  // Someone else's chat does not exist for mallory.
  assert.deepEqual(await textsOf(mallory, one), [])
  assert.equal((await mallory.delete(`/v1/chats/${one.id}/messages/1`)).status, 404)
  assert.equal((await mallory.post(`/v1/chats/${one.id}/messages/1/reports`, { type: 1 })).status, 404)
})

test('a link to an article shows its title until the article is banned, of which open pages are told at once', async t => {
  const [one, other] = await signInPair()
  const channel = await product.createChannel('科技')
  const [article] = await product.publish([{ author: alice.id, channel, title: '新芯片' }])
  await write(one, other, `看看 ${product.url}/article/${article}`)
  await write(one, other, 'no such thing: /article/1234567890')
  for (const text of [`http://elsewhere.example/article/${article}`, `//elsewhere.example/article/${article}`, `看 /#/article/${article}`])
    await write(one, other, text)
  const ofPage = { client_id: 'of-a-page', text: `https://news.example/article/${article}` }
  await one.post(`/v1/chats/${other.id}/messages`, ofPage, { headers: { origin: 'https://news.example' } })
  const linked = async () => (await chatOf(other, one)).messages.map((message: Message) => message.article?.title ?? null)
  assert.deepEqual(await linked(), ['新芯片', null, null, null, '新芯片', '新芯片'])
  const socket = openSocket(product.url, { query: { token: other.token } })
  await socket.connected()
  const bannedAt = performance.now()
  await sql`update article set status = 5 where id = ${article}`.execute(product.db)
  const { reader_id, last_seq } = await socket.next('chat')
  t.diagnostic(`told after ${Math.round(performance.now() - bannedAt)} ms`)
  assert.deepEqual([reader_id, last_seq], [String(one.id), 6])
  assert.deepEqual(await linked(), Array(6).fill(null))
  socket.close()
})

test('sensitive words are masked or refused, and an editor who decides about a report takes the message away from both', async () => {
  const admin = await signInAdministrator(product)
  for (const [word, action] of [
    ['坏词语', 'mask'],
    ['禁词语', 'block'],
  ])
    await sql`insert into sensitive_word (word, action) values (${word}, ${action})`.execute(product.db)
  // Until every process has both: requests go to one after another. No message is sent for it, because a stranger may write only twenty.
  await eventually(
    () => Promise.all([1, 2].map(() => admin.post('/v1/admin/words/test', { text: '坏词语禁词语' }))),
    answers => answers.every(({ body }) => body.data.matches.length === 2),
  )
  const [one, other] = await signInPair()
  assert.equal((await write(one, other, '一个坏词语')).body.data.text, '一个***')
  for (const _ of [1, 2]) assert.equal((await write(one, other, '又一个坏词语', 'masked')).body.data.text, '又一个***')
  const refused = await write(one, other, '一个 禁 词 语')
  assert.deepEqual([refused.status, refused.body.reason, refused.body.words], [400, 'words', ['禁词语']])
  for (let i = 0; i < 31; i++) assert.equal((await write(alice, bob, '禁词语')).status, 400)
  assert.equal((await write(alice, bob, 'hi')).status, 201, 'what was refused is nothing that a stranger got')

  const { seq, id } = (await write(one, other, 'rude')).body.data
  await write(other, one, 'hey')
  const report = (reader: Person, number = seq) =>
    reader.post(`/v1/chats/${reader === one ? other.id : one.id}/messages/${number}/reports`, { type: 2, remark: 'rude' })
  assert.deepEqual([(await report(other)).status, (await report(other)).status], [204, 409])
  assert.equal((await report(one)).status, 404, 'no one reports what they wrote themselves')
  const { reports } = (await admin.get('/v1/admin/reports')).body.data
  const reported = reports.find((each: { target_id: string }) => each.target_id === id)
  assert.deepEqual([reported.kind, reported.text, reported.author_id, reported.remarks], ['message', 'rude', String(one.id), ['rude']])
  assert.equal((await admin.put(`/v1/admin/reports/message/${id}`, { decision: 'remove' })).status, 200)
  for (const [reader, peer] of [
    [one, other],
    [other, one],
  ] as const) {
    const message = (await chatOf(reader, peer)).messages.find((each: Message) => each.id === id)
    assert.deepEqual([message.text, message.is_removed], ['', true])
  }
})

test('when a reader deletes their account, the other one keeps what they have written, and cannot write any more', async () => {
  const [one, other] = await signInPair()
  await write(one, other, 'mine')
  await write(other, one, 'theirs')
  await createDeletion({ db: product.db, log: silentLog }).deleteAtOnce(one.id, async () => {})
  const chat = await chatOf(other, one)
  assert.deepEqual([chat.reader.name, chat.can_write, chat.messages.map(({ text }: Message) => text)], ['', false, ['theirs']])
  assert.equal((await chatsOf(other)).chats.length, 1)
  assert.equal((await write(other, one, 'still there?')).status, 403)
})

// A push reaches whoever is connected: where each request opens the product again, it would cut them off before.
const skipPushes = SETTING === 'cleared'
test('open pages are told to look when a message comes and when it is read, and strangers hear nothing', { skip: skipPushes }, async () => {
  const [one, other] = await signInPair()
  const [here, there, elsewhere] = [one, other, mallory].map(person => openSocket(product.url, { query: { token: person.token } }))
  await Promise.all([here, there, elsewhere].map(socket => socket?.connected()))
  await write(one, other, 'hi')
  const told = await there?.next('chat')
  assert.deepEqual([told?.reader_id, told?.last_seq, told?.unread], [String(one.id), 1, 1])
  await other.post(`/v1/chats/${one.id}/receipts`, { read: 1 })
  await eventually(
    () => here?.received.findLast(({ event }) => event === 'chat')?.payload,
    payload => payload?.reader_id === String(other.id) && payload.read_up_to === 1 && payload.delivered_up_to === 1,
  )
  // A client cannot send over a socket what others get over theirs.
  for (const event of ['chat', 'message', 'private'])
    elsewhere?.emit(event, { reader_id: String(other.id), to: String(other.id), text: 'x', from: String(one.id) })
  await write(one, other, 'bye')
  await eventually(
    () => there?.received.at(-1)?.payload.last_seq,
    seq => seq === 2,
  )
  assert.deepEqual(elsewhere?.received, [])
  assert.deepEqual(await textsOf(other, one), ['hi', 'bye'])

  // A deletion is told to the reader's own pages only, a receipt between blocked readers too.
  const quiet = async (act: () => Promise<unknown>) => {
    const before = [here, there].map(socket => socket?.received.length ?? 0)
    await act()
    await eventually(
      () => there?.received.length ?? 0,
      count => count > (before[1] ?? 0),
    )
    const { seq } = (await write(mallory, one, 'look')).body.data // what was before it has been pushed
    await eventually(
      () => here?.received.at(-1)?.payload,
      payload => payload?.reader_id === String(mallory.id) && payload.last_seq === seq,
    )
    assert.equal(here?.received.length, (before[0] ?? 0) + 1)
  }
  await quiet(() => other.delete(`/v1/chats/${one.id}/messages/1`))
  await other.post('/v1_0/user/blacklists', { target: one.id })
  await quiet(() => other.post(`/v1/chats/${one.id}/receipts`, { read: 2 }))
  await quiet(() => other.delete(`/v1/chats/${one.id}`))
  for (const socket of [here, there, elsewhere]) socket?.close()
})
