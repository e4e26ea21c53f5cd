import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { after, test } from 'node:test'
import Fastify from 'fastify'
import { eventually, within } from '../../test/support/waiting.ts'
import { silentLog } from '../base/log.ts'
import { createErrorHandler } from './errors.ts'
import { limitBodyTime, limitUploads, parseUploads, readUploads } from './multipart.ts'

const MB = 1024 * 1024
const SHORT_MS = 100

const server = Fastify({ trustProxy: true, clientErrorHandler: (_error, socket) => void socket.end('HTTP/1.1 408 Too slow\r\n\r\n') })
server.setErrorHandler(createErrorHandler(silentLog))
limitBodyTime(server, SHORT_MS)
limitUploads(server)
await parseUploads(server as never)
server.post('/upload', { config: { upload: { bytesMax: 10 * MB, fields: ['image'] } } as never }, async request => {
  const files = await readUploads(request)
  return { size: files.get('image')?.length ?? null }
})
server.post('/other', async () => ({}))
await server.listen({ port: 0, host: '127.0.0.1' })
after(() => {
  server.server.closeAllConnections()
  return server.close()
})
const { port } = server.server.address() as { port: number }

/** Sends only the head of a request, from an address of its own. */
async function begin(
  path: string,
  client: string,
  length = 10 * MB,
  type = 'multipart/form-data; boundary=b',
): Promise<{ socket: Socket; answer(): string }> {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', piece => (text += piece)).on('error', () => {})
  await within(once(socket, 'connect'), 'the server accepts a connection')
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${client}\r\nContent-Type: ${type}\r\n` +
      `Content-Length: ${length}\r\n\r\n--b\r\n`,
  )
  return { socket, answer: () => text }
}

const statusOf = (text: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1])
/** The answer to a further upload, small but complete. */
async function upload(client: string): Promise<number> {
  const form = new FormData()
  form.set('image', new Blob(['x'.repeat(1000)]), 'blob')
  const answer = await fetch(`http://127.0.0.1:${port}/upload`, { method: 'POST', body: form, headers: { 'x-forwarded-for': client } })
  await answer.text()
  return answer.status
}

test('slow uploads of one address leave room for others, and all together a bounded amount of memory', async () => {
  const open = await Promise.all([1, 2, 3].map(() => begin('/upload', '192.0.2.1')))
  await eventually(
    () => begin('/upload', '192.0.2.1').then(async one => (await once(one.socket, 'data'), one.answer())),
    text => statusOf(text) === 503,
  )
  assert.equal(await upload('192.0.2.2'), 200)
  for (let i = 3; i < 9; i++) open.push(await begin('/upload', `192.0.2.${i}`))
  const beyond = await begin('/upload', '192.0.2.99')
  await within(once(beyond.socket, 'data'), 'a refusal of more than all uploads may have')
  assert.equal(statusOf(beyond.answer()), 503)
  for (const { socket } of open) socket.destroy()
  await eventually(
    () => upload('192.0.2.1'),
    status => status === 200,
  )
})

test('a body that is announced as too large is refused before any of it arrives', async () => {
  const { socket, answer } = await begin('/upload', '192.0.2.50', 11 * MB)
  await within(once(socket, 'data'), 'a refusal of what is too large')
  assert.equal(statusOf(answer()), 413)
})

test('a client that sends too large a file to its end gets the refusal, and may use the connection again', async () => {
  const { socket, answer } = await begin('/upload', '192.0.2.51', 12 * MB)
  socket.write(Buffer.alloc(12 * MB - 5))
  await eventually(
    async () => answer(),
    text => statusOf(text) === 413,
  )
  socket.write('POST /other HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n')
  await eventually(
    async () => answer(),
    text => text.includes('HTTP/1.1 200'),
  )
  socket.destroy()
  const huge = await begin('/upload', '192.0.2.51', 65 * MB)
  await within(once(huge.socket, 'close'), 'the connection of a huge upload is closed')
  assert.equal(statusOf(huge.answer()), 413)
})

test('an upload may take longer than other bodies', async () => {
  const [slowUpload, slowOther] = [await begin('/upload', '192.0.2.60'), await begin('/other', '192.0.2.60', 100, 'application/json')]
  await within(once(slowOther.socket, 'data'), 'a refusal of what comes too slowly')
  assert.equal(statusOf(slowOther.answer()), 408)
  assert.equal(slowUpload.answer(), '')
  slowUpload.socket.destroy()
})
