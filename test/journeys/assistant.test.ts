// The assistant, over sockets: what it finds in the site, and what it says when a bot of the operator's misbehaves.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { cleanup } from '../support/cleanup.ts'
import { type Person, type Product, startProduct } from '../support/product.ts'
import { openSocket } from '../support/sockets.ts'
import { eventually } from '../support/waiting.ts'

interface Reply {
  msg: string
  text?: string
  articles?: { art_id: string; title: string; url: string }[]
}

let product: Product
let alice: Person
let article: bigint

before(async () => {
  product = await startProduct()
  alice = await product.signIn('alice')
  const channel = await product.createChannel('科技')
  const titles = ['新芯片发布', '机器人进了图书馆', 'Ferries return to the harbour']
  article = (await product.publish(titles.map(title => ({ author: alice.id, channel, title }))))[0] as bigint
  await eventually(
    async () => (await product.request('GET', `/v1_0/search?q=${encodeURIComponent('芯片')}`)).body.data.total_count,
    count => count === 1,
  )
})

/** Asks over a socket of its own, as existing clients do, or one that shows answers as they come. */
async function ask(url: string, msg: string, { reader, stream = true }: { reader?: Person; stream?: boolean } = {}) {
  const socket = openSocket(url, reader && { query: { token: reader.token } })
  await socket.connected()
  socket.emit('message', stream ? { msg, stream, id: '7' } : { msg, timestamp: Date.now() })
  const reply = (await socket.next('message')) as unknown as Reply
  socket.close()
  return { ...reply, parts: socket.received.filter(({ event }) => event === 'message part').map(({ payload }) => payload) }
}
const titlesOf = ({ articles = [] }: Reply) => articles.map(({ title }) => title)

test('an existing client gets text with the title and the address of each article, which opens', async () => {
  const reply = await ask(product.url, '关于芯片的文章', { stream: false })
  assert.deepEqual(Object.keys(reply).toSorted(), ['msg', 'parts', 'timestamp'])
  const url = /http:\S+/.exec(reply.msg)?.[0] ?? ''
  assert.equal(url, `${product.url}/article/${article}`)
  assert.match(reply.msg, /新芯片发布/)
})

test('a newer client gets the articles beside the text, and the name of its question', async () => {
  const reply = await ask(product.url, 'articles about ferries')
  assert.equal((reply as { id?: string }).id, '7')
  assert.deepEqual(titlesOf(reply), ['Ferries return to the harbour'])
})

test('news of a channel are its newest articles, without those of an author whom the reader blocks', async () => {
  assert.deepEqual(titlesOf(await ask(product.url, '有什么科技新闻')).toSorted(), [
    'Ferries return to the harbour',
    '新芯片发布',
    '机器人进了图书馆',
  ])
  const bob = await product.signIn('bob')
  await bob.post('/v1_0/user/blacklists', { target: alice.id })
  assert.deepEqual(titlesOf(await ask(product.url, '有什么科技新闻', { reader: bob })), [])
  assert.deepEqual(titlesOf(await ask(product.url, '关于芯片的文章', { reader: bob })), [])
})

test('news of all channels are in the language of the question, if there are any', async () => {
  assert.deepEqual(titlesOf(await ask(product.url, '有什么新闻')).toSorted(), ['新芯片发布', '机器人进了图书馆'])
  assert.deepEqual(titlesOf(await ask(product.url, 'what is the news')), ['Ferries return to the harbour'])
  await sql`update article set published_at = now() - interval '40 days' where title like 'Ferries%'`.execute(product.db)
  const ofToday = await ask(product.url, 'news of today')
  await sql`update article set published_at = now() where title like 'Ferries%'`.execute(product.db)
  assert.deepEqual(titlesOf(ofToday).toSorted(), ['新芯片发布', '机器人进了图书馆'])
  const [dave, sport] = [await product.signIn('dave', '13800000014'), await product.createChannel('体育')]
  await product.publish(['德比之前', '最后一个冲线的人'].map(title => ({ author: dave.id, channel: sport, title })))
  const foreign = await ask(product.url, 'sports news')
  assert.deepEqual([titlesOf(foreign).length, foreign.text], [2, 'There are none in English. The newest articles in 体育:'])
})

test('what those published whom a reader follows, and what an author wrote, comes with the newest first', async () => {
  const dave = await product.signIn('dave', '13800000021')
  await dave.post('/v1_0/user/followings', { target: alice.id })
  await sql`update article set published_at = now() - interval '1 minute' where title like 'Ferries%'`.execute(product.db)
  const followed = titlesOf(await ask(product.url, '我关注的人写了什么', { reader: dave }))
  assert.deepEqual([followed.length, followed.at(-1)], [3, 'Ferries return to the harbour'])
  await sql`update reader set name = '绿皮车厢' where id = ${alice.id}`.execute(product.db)
  assert.deepEqual(titlesOf(await ask(product.url, '绿皮车厢写了什么')), followed)
  assert.deepEqual(titlesOf(await ask(product.url, '绿皮车厢')), followed, 'no article has this word')
  const mallory = await product.signIn('mallory', '13800000022')
  await product.publish([{ author: mallory.id, channel: 1, title: '加我微信' }])
  await sql`update reader set name = '芯片' where id = ${mallory.id}`.execute(product.db)
  assert.ok(titlesOf(await ask(product.url, '芯片')).includes('新芯片发布'), 'an author cannot take over a word')
})

test('what a reader has read is told to them alone', async () => {
  const carol = await product.signIn('carol')
  await sql`insert into history (reader_id, article_id, at) values (${carol.id}, ${article}, now() - interval '1 day')`.execute(product.db)
  assert.deepEqual(titlesOf(await ask(product.url, '我昨天看了什么', { reader: carol })), ['新芯片发布'])
  assert.deepEqual(titlesOf(await ask(product.url, '我昨天看了什么', { reader: alice })), [])
  assert.match((await ask(product.url, 'what did I read yesterday')).msg, /Sign in/)
  assert.match((await ask(product.url, 'did I read anything about ferries', { reader: carol })).msg, /^I cannot narrow down/)
})

test('a banned article is in no answer any more', async () => {
  const [banned] = await product.publish([{ author: alice.id, channel: 1, title: '禁止的火箭' }])
  await sql`update article set status = 5 where id = ${banned}`.execute(product.db)
  for (const question of ['有什么科技新闻', '关于火箭的文章', '推荐几篇文章', '大家都在看什么'])
    assert.ok(!titlesOf(await ask(product.url, question)).includes('禁止的火箭'), question)
})

test('a question that is too long, or one too many in a minute, is answered politely', async () => {
  assert.match((await ask(product.url, '长'.repeat(501), { reader: alice })).msg, /太长/)
  const mallory = await product.signIn('mallory')
  const socket = openSocket(product.url, { query: { token: mallory.token } })
  await socket.connected()
  for (let i = 1; i <= 31; i++) {
    socket.emit('message', { msg: 'hi' })
    await socket.next('message', i)
  }
  assert.match(String(socket.received.at(-1)?.payload.msg), /very fast/)
  socket.close()
})

// What a bot does with a request.
type Behave = (request: IncomingMessage, response: ServerResponse, body: { messages: { content: string }[] }) => void
const event = (content: string) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`
const startStream = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' })
const startJson = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'application/json' })

let behave: Behave
let requests = 0
let canary = 0
/** The bot has a second to answer, and half a minute on a machine that stands still for a while. */
let withBot: Product
let withPatience: Product

async function startBot(): Promise<void> {
  const server = createServer((request, response) => {
    if (request.url === '/canary') canary++
    let body = ''
    request.on('data', chunk => (body += chunk))
    request.on('end', () => {
      requests++
      behave(request, response, JSON.parse(body || '{}'))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanup(async () => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const env = { ASSISTANT_URL: `http://127.0.0.1:${port}/v1/chat/completions`, ASSISTANT_KEY: 'secret', ASSISTANT_SECONDS: '1' }
  withBot = await startProduct({ env })
  withPatience = await startProduct({ env: { ...env, ASSISTANT_SECONDS: '30', DATABASE_URL: withBot.databaseUrl } })
  const channel = await withBot.createChannel('科技')
  await withBot.publish(['芯片一号', '芯片二号'].map(title => ({ channel, title })))
  await eventually(
    async () => (await withBot.request('GET', `/v1_0/search?q=${encodeURIComponent('芯片')}`)).body.data.total_count,
    count => count === 2,
  )
}

test("an operator's bot answers in pieces, and the articles that it names are linked", async () => {
  await startBot()
  let asked: { messages: { content: string }[] } | undefined
  behave = (request, response, body) => {
    asked = body
    assert.equal(request.headers.authorization, 'Bearer secret')
    startStream(response)
    for (const piece of ['说到芯片，', '看\u0000\u202d\u2067看 [2]。']) response.write(event(piece))
    response.end('data: [DONE]\n\n')
  }
  const reply = await ask(withPatience.url, '关于芯片的文章')
  assert.equal(reply.text, '说到芯片，看看 [2]。')
  assert.equal(reply.parts.map(({ text }) => text).join(''), reply.text)
  assert.deepEqual([...new Set(reply.parts.map(({ id }) => id))], ['7'])
  const listed = /\[2\] (.+)/.exec(asked?.messages[0]?.content ?? '')?.[1]
  assert.deepEqual(titlesOf(reply), [listed])
  const finish = JSON.stringify({ choices: [{ delta: {}, finish_reason: 'stop' }] })
  behave = (_request, response) => startStream(response).end(`${event('Finished.')}data: ${finish}`)
  assert.equal((await ask(withPatience.url, 'articles about chips')).text, 'Finished.')
  behave = (_request, response) => startJson(response).end(JSON.stringify({ choices: [{ message: { content: 'In one piece.' } }] }))
  assert.equal((await ask(withPatience.url, 'articles about chips')).text, 'In one piece.')
})

test('what is private is not sent to a bot', async () => {
  const before = requests
  const reader = await withBot.signIn('alice')
  for (const question of ['我昨天看了什么', 'show my saved articles', '我关注的作者有什么新文章', '我点赞过的文章', 'articles I liked'])
    await ask(withBot.url, question, { reader })
  assert.equal(requests, before)
})

const MISBEHAVIOURS: Record<string, Behave> = {
  'never answers': () => {},
  'begins and hangs': (_request, response) => void startStream(response).write(event('well')),
  'streams without end': (_request, response) => {
    startStream(response)
    const timer = setInterval(() => response.write(': nothing\n'), 50)
    response.on('close', () => clearInterval(timer))
  },
  'ends in the middle': (_request, response) => void startStream(response).end(event('well')),
  'floods with text': (_request, response) => {
    startStream(response)
    for (let i = 0; i < 1_000; i++) response.write(event('x'.repeat(1_000)))
    response.end()
  },
  'streams garbage': (_request, response) => void startStream(response).end('data: {]\n\ndata: what\n\n'),
  'streams bytes that are no text': (_request, response) =>
    void startStream(response).end(Buffer.from([0x64, 0x61, 0xff, 0xfe, 0x00, 0x80])),
  'streams a line without end': (_request, response) => void startStream(response).end('data: '.padEnd(1_000_000, 'x')),
  'answers with ten megabytes': (_request, response) =>
    void startJson(response).end(JSON.stringify({ choices: [{ message: { content: 'x'.repeat(10_000_000) } }] })),
  'answers with JSON of another shape': (_request, response) => void startJson(response).end('[null, {"choices": "no"}]'),
  'answers with an object as text': (_request, response) => void startJson(response).end('{"choices":[{"message":{"content":{"a":1}}}]}'),
  'answers with nothing': (_request, response) => void startJson(response).end('{"choices":[{"message":{"content":" "}}]}'),
  refuses: (_request, response) => void response.writeHead(500).end('{}'),
  redirects: (_request, response) => void response.writeHead(307, { location: '/canary' }).end(),
  'closes the connection': (_request, response) => void response.destroy(),
}

for (const [what, how] of Object.entries(MISBEHAVIOURS))
  test(`if the bot ${what}, the reader gets an apology and the articles that we found`, async () => {
    behave = how
    const reply = await ask(withBot.url, '关于芯片的文章')
    assert.match(reply.text ?? '', /^抱歉/)
    assert.deepEqual(titlesOf(reply).toSorted(), ['芯片一号', '芯片二号'])
    assert.equal(canary, 0)
  })
