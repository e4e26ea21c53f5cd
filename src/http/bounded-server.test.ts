import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { RequestListener, Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { eventually, within } from '../../test/support/waiting.ts'
import { createBoundedServer, DEFAULT_BOUNDS, type ServerBounds } from './bounded-server.ts'

const KEEP_ALIVE_MS = 60_000
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`

async function startServer(t: TestContext, handle: RequestListener, bounds: Partial<ServerBounds> = {}): Promise<Server> {
  const server = createBoundedServer(handle, { keepAliveTimeout: KEEP_ALIVE_MS }, { ...DEFAULT_BOUNDS, ...bounds })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return server
}

function open(t: TestContext, server: Server, from = '127.0.0.1') {
  const { port } = server.address() as AddressInfo
  const socket = connect({ port, host: '127.0.0.1', localAddress: from })
  const client = { socket, text: '', closed: false }
  socket.on('error', () => {}).on('close', () => (client.closed = true))
  t.after(() => socket.destroy())
  return client
}

function read(client: ReturnType<typeof open>) {
  client.socket.setEncoding('utf8').on('data', piece => (client.text += piece))
  return client
}

test('pipelined requests are handled one after another, and answered in their order', async t => {
  let [running, runningMax] = [0, 0]
  const server = await startServer(t, async (request, response) => {
    runningMax = Math.max(runningMax, ++running)
    await new Promise(resolve => setTimeout(resolve, Math.random() * 3))
    running--
    response.end(`<${request.url}>`)
  })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(99), { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 500 }), async (paths, size) => {
      const client = read(open(t, server))
      const text = paths.map(path => get(`/${path}`)).join('')
      for (let at = 0; at < text.length; at += size) client.socket.write(text.slice(at, at + size))
      const bodies = await eventually(
        () => [...client.text.matchAll(/<\/(\d+)>/g)].map(([, path]) => Number(path)),
        got => got.length >= paths.length,
      )
      assert.deepEqual(bodies, paths)
      client.socket.destroy()
    }),
    { numRuns: 20 },
  )
  assert.equal(runningMax, 1)
})

test('a client that pipelines more requests than may wait, is disconnected', async t => {
  let handled = 0
  const server = await startServer(t, () => void handled++) // never answers
  const client = read(open(t, server))
  client.socket.write(get('/').repeat(1_500))
  await eventually(
    () => client.closed,
    closed => closed,
  )
  assert.equal(handled, 1)
})

test('a client that does not read its answers, occupies one answer, and is disconnected', async t => {
  let handled = 0
  const big = Buffer.alloc(32 * 1024 * 1024) // more than the operating system buffers
  const answer: RequestListener = (_request, response) => {
    handled++
    response.end(big)
  }
  const server = await startServer(t, answer, { unreadMs: 300 })
  const closed = once(server, 'connection').then(([socket]) => once(socket, 'close'))
  const client = open(t, server)
  client.socket.pause().write(get('/').repeat(50))
  await within(closed, 'the client is disconnected')
  assert.equal(handled, 1)
})

test('an answer that takes long to compute is not cut off', async t => {
  const server = await startServer(t, (_request, response) => void setTimeout(() => response.end('late'), 300), { unreadMs: 50 })
  const client = read(open(t, server))
  client.socket.write(get('/'))
  await eventually(
    () => client.text,
    text => text.endsWith('late'),
  )
})

test('one network has its share of the connections, and connections that end make room', async t => {
  const server = await startServer(t, (_request, response) => void response.end('ok'), { connectionsPerNetworkMax: 3 })
  const isServed = async (client: ReturnType<typeof open>) => {
    read(client).socket.write(get('/'))
    await eventually(
      () => client.closed || client.text !== '',
      done => done,
    )
    return !client.closed
  }
  const clients = [1, 2, 3, 4, 5].map(() => open(t, server))
  const served: boolean[] = []
  for (const client of clients) served.push(await isServed(client))
  assert.deepEqual(served, [true, true, true, false, false])
  assert.equal(await isServed(open(t, server, '127.0.0.2')), true, 'another network')
  clients[0]?.socket.destroy()
  await eventually(
    () => isServed(open(t, server)),
    good => good,
  )
})
