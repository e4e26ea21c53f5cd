// The end of a token on an open socket, with the library's server and client.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { cleanup } from '../../../test/support/cleanup.ts'
import { openSocket } from '../../../test/support/sockets.ts'
import { eventually } from '../../../test/support/waiting.ts'
import type { ReaderId, SessionId } from '../../base/id.ts'
import { silentLog } from '../../base/log.ts'
import { createMetrics } from '../../base/metrics.ts'
import { createRateLimiter } from '../../engines/limits/rate-limiter.ts'
import { createBoundedServer, DEFAULT_BOUNDS } from '../bounded-server.ts'
import { createSockets } from './sockets.ts'

const ALICE = 7n as ReaderId

test('a socket whose token expires leaves its room at once, and is closed', async () => {
  let expiresAt = 0
  const sockets = createSockets({
    handlers: {},
    authenticate: async () => ({
      kind: 'reader',
      viewer: { kind: 'reader', id: ALICE },
      verified: false,
      session: { id: 1n as SessionId, expiresAt },
    }),
    findEndedSessions: async () => new Set(),
    connectLimiter: createRateLimiter({ name: 'sockets', points: 100, seconds: 60 }),
    trustProxy: 0,
    clock: Date.now,
    random: () => 0,
    metrics: createMetrics(),
    log: silentLog,
  })
  const server = createBoundedServer(() => {}, {}, DEFAULT_BOUNDS, sockets.endpoint).listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanup(async () => void server.close())
  cleanup(() => sockets.close())
  expiresAt = Date.now() + 3_000
  const { port } = server.address() as AddressInfo
  const socket = openSocket(`http://127.0.0.1:${port}`, { query: { token: 'x' }, more: { reconnection: false } })
  await socket.connected()
  sockets.push(ALICE, 'notice', { id: '1' })
  await socket.next('notice')
  await eventually(
    () => sockets.has(ALICE),
    has => !has,
  )
  sockets.push(ALICE, 'notice', { id: '2' })
  await socket.disconnected()
  assert.equal(socket.received.length, 1)
})
