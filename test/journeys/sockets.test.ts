// Sockets as clients of both generations use them: who may connect, the assistant, test pushes, and the end of a session.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { type Person, type Product, SETTING } from '../support/product.ts'
import { useSharedProduct } from '../support/shared-product.ts'
import { openSocket, type SocketOptions } from '../support/sockets.ts'
import { eventually } from '../support/waiting.ts'

let product: Product
let alice: Person
let bob: Person

before(async () => {
  // A push reaches whoever is connected: where each request opens the product again, it would cut them off before.
  product = await useSharedProduct({ alwaysEmbedded: SETTING === 'cleared' })
  alice = await product.signIn('alice')
  bob = await product.signIn('bob')
})

const CLIENTS: SocketOptions[] = [
  { version: 2 },
  { version: 2, transports: ['polling'], more: { withCredentials: true } },
  { version: 2, transports: ['websocket'] },
  { version: 4 },
  { version: 4, transports: ['polling'], more: { withCredentials: true } },
  { version: 4, transports: ['websocket'] },
]
const nameOf = ({ version, transports }: SocketOptions) => `a client ${version}.x over ${transports ?? 'polling, then websocket'}`

for (const client of CLIENTS)
  test(`${nameOf(client)} gets answers from the assistant and pushes to its reader`, async () => {
    const socket = openSocket(product.url, { ...client, query: { token: alice.token } })
    await socket.connected()
    const acknowledgements: unknown[][] = []
    socket.emit('message', { msg: '你好', timestamp: Date.now(), userId: '7', photo: 'x' }, (...given: unknown[]) =>
      acknowledgements.push(given),
    )
    const reply = await socket.next('message')
    await eventually(
      () => acknowledgements,
      () => acknowledgements.length > 0,
    )
    assert.deepEqual(acknowledgements, [[]])
    assert.match(String(reply.msg), /助手/)
    assert.ok(Math.abs(Number(reply.timestamp) - Date.now() / 1_000) < 3_600, 'the contract counts seconds')
    for (const [letter, event] of Object.entries({ f: 'following notify', l: 'liking notify', c: 'comment notify' })) {
      assert.equal((await alice.get(`/app/v1_0/imtest/${letter}`)).status, 200)
      assert.equal((await socket.next(event)).user_id, alice.id.toString())
    }
    assert.equal((await alice.get('/app/v1_0/imtest/x')).status, 404)
    socket.close()
  })

const NO_READERS: SocketOptions['query'][] = [undefined, { token: 'undefined' }, { token: 'a.b.c' }, { a: 'some-device' }]
for (const query of NO_READERS)
  test(`a client with ${JSON.stringify(query) ?? 'no token'} talks to the assistant and gets no pushes`, async () => {
    const socket = openSocket(product.url, { query })
    const reader = openSocket(product.url, { query: { token: alice.token } })
    await Promise.all([socket.connected(), reader.connected()])
    await alice.get('/app/v1_0/imtest/l')
    await reader.next('liking notify')
    socket.emit('message', { msg: 'hi' })
    await socket.next('message')
    assert.deepEqual(
      socket.received.map(each => each.event),
      ['message'],
    )
    reader.close()
    socket.close()
  })

test('pages of any origin may poll with credentials, and may not send them to the API', async () => {
  const origin = 'https://client.example'
  const corsOf = async (path: string, method = 'GET') => {
    const preflight = method === 'OPTIONS' && { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' }
    const answer = await fetch(`${product.url}${path}`, { method, headers: { origin, ...preflight } })
    assert.ok(answer.ok, path)
    return [answer.headers.get('access-control-allow-origin'), answer.headers.get('access-control-allow-credentials')]
  }
  for (const path of ['/socket.io/?EIO=3&transport=polling', '/api/socket.io/?EIO=4&transport=polling'])
    for (const method of ['GET', 'OPTIONS']) assert.deepEqual(await corsOf(path, method), [origin, 'true'], `${method} ${path}`)
  for (const path of ['/v1_0/channels', '/app/v1_0/channels', '/healthz'])
    for (const method of ['GET', 'OPTIONS']) assert.deepEqual(await corsOf(path, method), ['*', null], `${method} ${path}`)
})

test('a push reaches all sockets of its reader and none of another', async () => {
  const sockets = [alice, alice, bob].map(person => openSocket(product.url, { query: { token: person.token } }))
  await Promise.all(sockets.map(socket => socket.connected()))
  await alice.get('/app/v1_0/imtest/l')
  await Promise.all(sockets.slice(0, 2).map(socket => socket.next('liking notify')))
  await bob.get('/app/v1_0/imtest/f')
  await sockets[2]?.next('following notify')
  assert.deepEqual(
    sockets[2]?.received.map(each => each.event),
    ['following notify'],
  )
  sockets.forEach(socket => socket.close())
})

test('a message without text is not answered, whatever its shape', async () => {
  const socket = openSocket(product.url)
  await socket.connected()
  for (const message of [undefined, null, 1, '', [], {}, { msg: '' }, { msg: '  ' }, { msg: 1 }, { __proto__: null }])
    socket.emit('message', message)
  socket.emit('unknown', { msg: 'hi' })
  socket.emit('message', { msg: 'hi' })
  await socket.next('message')
  assert.equal(socket.received.length, 1)
  socket.close()
})

test('the open socket of a reader who ends the session on another device gets no more pushes', async () => {
  const carol = await product.signIn('carol')
  const here = await product.signIn('carol')
  const socket = openSocket(product.url, { query: { token: carol.token }, more: { reconnection: false } })
  await socket.connected()
  await here.delete('/v1/me/sessions')
  await socket.disconnected()
  await here.get('/app/v1_0/imtest/f')
  assert.deepEqual(socket.received, [])
})

test('the open socket of a frozen reader gets no more pushes and is closed', async () => {
  const mallory = await product.signIn('mallory')
  const socket = openSocket(product.url, { query: { token: mallory.token } })
  await socket.connected()
  await mallory.get('/app/v1_0/imtest/f')
  await socket.next('following notify')
  await sql`update reader set frozen = true where id = ${mallory.id}`.execute(product.db)
  // It comes back as an anonymous client.
  await eventually(socket.connects, count => count > 1, 40_000)
  await sql`update reader set frozen = false where id = ${mallory.id}`.execute(product.db)
  await eventually(
    () => mallory.get('/app/v1_0/imtest/f'),
    ({ status }) => status === 200,
  )
  socket.emit('message', { msg: 'hi' })
  await socket.next('message')
  assert.deepEqual(
    socket.received.map(each => each.event),
    ['following notify', 'message'],
  )
  socket.close()
})
