// What mallory sends over a socket. Hers is cut or ignored, and alice beside her notices nothing.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type Person, type Product } from '../support/product.ts'
import { useSharedProduct } from '../support/shared-product.ts'
import { type ClientVersion, openSocket, type TestSocket } from '../support/sockets.ts'
import { within } from '../support/waiting.ts'

let product: Product
let alice: Person
let mallory: Person
let peaceful: TestSocket
let answers = 0

before(async () => {
  product = await useSharedProduct()
  alice = await product.signIn('alice')
  mallory = await product.signIn('mallory')
  peaceful = openSocket(product.url, { query: { token: alice.token } })
})

async function assertUndisturbed(): Promise<void> {
  peaceful.emit('message', { msg: 'hi' })
  await peaceful.next('message', ++answers)
  assert.equal(peaceful.connects(), 1)
}

const VERSIONS: ClientVersion[] = [2, 4]
const open = async (version: ClientVersion) => {
  const socket = openSocket(product.url, {
    version,
    transports: ['websocket'],
    query: { token: mallory.token },
    more: { reconnection: false },
  })
  await socket.connected()
  return socket
}

const ATTACKS: Record<string, (socket: TestSocket) => void> = {
  'a message of a megabyte and a byte': socket => socket.emit('message', { msg: 'x'.repeat(1_000_001) }),
  'a thousand events at once': socket => {
    for (let i = 0; i < 1_000; i++) socket.emit('message', { msg: 'x' })
  },
  'a binary attachment': socket => socket.emit('message', { msg: Buffer.from('x') }),
}

for (const version of VERSIONS)
  for (const [what, attack] of Object.entries(ATTACKS))
    test(`a client ${version}.x that sends ${what} is cut, and others are not`, async () => {
      const socket = await open(version)
      attack(socket)
      await socket.disconnected()
      await assertUndisturbed()
    })

for (const version of VERSIONS)
  test(`a client ${version}.x that asks for a foreign room, or claims to be another reader, gets nothing of theirs`, async () => {
    const socket = await open(version)
    for (const event of ['join', 'subscribe', 'room', 'enter', 'liking notify', 'notice']) socket.emit(event, alice.id.toString())
    socket.emit('message', { msg: 'hi', userId: alice.id.toString(), user_id: alice.id.toString(), from: alice.id.toString() })
    await socket.next('message')
    await alice.get('/app/v1_0/imtest/c')
    await peaceful.next('comment notify', version / 2)
    await mallory.get('/app/v1_0/imtest/f')
    await socket.next('following notify')
    assert.deepEqual(
      socket.received.map(({ event }) => event),
      ['message', 'following notify'],
    )
    socket.close()
  })

/** Sends text over a bare WebSocket after the handshake, and resolves when the server closes it. */
async function sendRaw(text: string): Promise<void> {
  const socket = new WebSocket(`${product.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
  const closed = new Promise<void>(resolve => {
    socket.addEventListener('close', () => resolve())
    socket.addEventListener('message', ({ data }) => {
      if (String(data).startsWith('0')) socket.send('40')
      if (String(data).startsWith('40')) socket.send(text)
    })
  })
  await within(closed, 'the server closes the connection')
}

for (const [what, text] of Object.entries({
  'a hundred thousand attachments': `45100000-["message",${'{"_placeholder":true,"num":0},'.repeat(9)}0]`,
  'text that is no packet': '4not a packet',
  'a packet of an unknown type': '9',
  'an event without a name': '42[]',
  'a reserved event': '42["disconnecting"]',
}))
  test(`a client that sends ${what} is cut, and others are not`, async () => {
    await sendRaw(text)
    await assertUndisturbed()
  })

test('a request for another upgrade, or with a foreign origin, changes nothing', async () => {
  const answer = await fetch(`${product.url}/socket.io/?EIO=4&transport=polling`, { headers: { origin: 'https://evil.example' } })
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('set-cookie'), null)
  const upgrade = await fetch(`${product.url}/app/v1_0/channels`, { headers: { upgrade: 'websocket', connection: 'upgrade' } }).catch(
    () => undefined,
  )
  assert.ok(upgrade === undefined || upgrade.status === 200)
  for (const query of ['', '?EIO=4', '?EIO=4&transport=smoke', '?EIO=4&transport=polling&sid=none', '?EIO=9&transport=polling'])
    assert.ok((await fetch(`${product.url}/socket.io/${query}`)).status < 500, query)
  await assertUndisturbed()
})
