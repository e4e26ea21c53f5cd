// The end of a session on open sockets, with the library's server and client.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
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
const BOB = 8n as ReaderId
const HOUR_MS = 3_600_000
const RECHECK_MS = 2_500

/** Timers of exactly `ms` go off when `fire` is called: a machine that stands still for a while is no matter then. */
function holdTimers(t: TestContext, ms: number) {
  const held: (() => void)[] = []
  const real = setTimeout
  t.mock.method(globalThis, 'setTimeout', (run: () => void, after?: number) => {
    if (after !== ms) return real(run, after)
    held.push(run)
    return real(() => {}, HOUR_MS).unref()
  })
  return { fire: () => held.splice(0).forEach(run => run()) }
}

interface Sessions {
  findEndedSessions?: (ids: SessionId[]) => Promise<Set<SessionId>>
}

/** A reader's token is their id, and so is the session's. */
async function startSockets({ findEndedSessions = async () => new Set() }: Sessions = {}) {
  const sockets = createSockets({
    handlers: {},
    authenticate: async token => ({
      kind: 'reader',
      viewer: { kind: 'reader', id: BigInt(token) as ReaderId },
      verified: false,
      session: { id: BigInt(token) as SessionId, expiresAt: HOUR_MS },
    }),
    findEndedSessions,
    connectLimiter: createRateLimiter({ name: 'sockets', points: 100, seconds: 60 }),
    trustProxy: 0,
    clock: () => 0,
    random: () => 0,
    metrics: createMetrics(),
    log: silentLog,
  })
  const server = createBoundedServer(() => {}, {}, DEFAULT_BOUNDS, sockets.endpoint).listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanup(async () => void server.close())
  cleanup(() => sockets.close())
  const { port } = server.address() as AddressInfo
  const open = async (reader: ReaderId) => {
    const socket = openSocket(`http://127.0.0.1:${port}`, { query: { token: String(reader) }, more: { reconnection: false } })
    await socket.connected()
    return socket
  }
  return { sockets, open }
}

test('a socket whose token expires leaves its room at once, and is closed', async t => {
  const expiry = holdTimers(t, HOUR_MS)
  const { sockets, open } = await startSockets()
  const socket = await open(ALICE)
  sockets.push(ALICE, 'notice', { id: '1' })
  await socket.next('notice')
  expiry.fire()
  assert.equal(sockets.has(ALICE), false)
  sockets.push(ALICE, 'notice', { id: '2' })
  await socket.disconnected()
  assert.equal(socket.received.length, 1)
})

test('changes that come while sessions are checked are looked at together, and those of readers without a socket not at all', async t => {
  holdTimers(t, RECHECK_MS) // new sockets are checked once more
  const asked: string[] = []
  let answer = () => {}
  const { sockets, open } = await startSockets({
    async findEndedSessions(ids) {
      asked.push(ids.toSorted().join())
      await new Promise<void>(resolve => {
        answer = resolve
      })
      return new Set(ids.filter(id => id === (BOB as bigint)))
    },
  })
  await open(ALICE)
  await open(BOB)
  void sockets.checkSessions(({ viewer }) => viewer.id === 9n)
  assert.deepEqual(asked, [])
  void sockets.checkSessions(({ viewer }) => viewer.id === ALICE)
  for (let i = 0; i < 100; i++) void sockets.checkSessions()
  assert.deepEqual(asked, ['7'])
  answer()
  await eventually(
    () => asked,
    () => asked.length > 1,
  )
  answer()
  await eventually(
    () => sockets.readers(),
    readers => readers.length === 1,
  )
  assert.deepEqual(asked.slice(0, 2), ['7', '7,8'])
  assert.equal(sockets.has(ALICE), true)
})
