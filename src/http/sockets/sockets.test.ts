import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { after, test } from 'node:test'
import { io } from 'socket.io-client'
import { eventually, pause, within } from '../../../test/support/waiting.ts'
import { silentLog } from '../../base/log.ts'
import { createMetrics } from '../../base/metrics.ts'
import { createBoundedServer, DEFAULT_BOUNDS } from '../bounded-server.ts'
import { createSockets } from './sockets.ts'

const HANDSHAKE = [
  'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
  'Host: x',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
]

test('a client that resets its connection during the handshake harms no other client', { timeout: 30_000 }, async () => {
  let asked = 0
  // As slow as when Redis does not answer.
  const connectLimiter = {
    consume: async () => {
      asked++
      await pause(100)
      return 0
    },
    reset: async () => {},
  }
  const sockets = createSockets({
    handlers: {},
    authenticate: async () => undefined as never,
    findEndedSessions: async () => new Set(),
    connectLimiter,
    trustProxy: 0,
    clock: Date.now,
    random: Math.random,
    metrics: createMetrics(),
    log: silentLog,
  })
  const server = createBoundedServer(() => {}, {}, DEFAULT_BOUNDS, sockets.endpoint).listen(0, '127.0.0.1')
  after(async () => {
    await sockets.close()
    server.close()
  })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = connect(port, '127.0.0.1')
  await once(client, 'connect')
  client.write(`${HANDSHAKE.join('\r\n')}\r\n\r\n`)
  await eventually(
    () => asked,
    count => count > 0,
  )
  client.resetAndDestroy()
  await pause(150) // the limiter answers meanwhile
  const other = io(`http://127.0.0.1:${port}`, { transports: ['websocket'] })
  await within(once(other as never, 'connect'), 'another client connects')
  assert.ok(other.connected)
  other.close()
})
