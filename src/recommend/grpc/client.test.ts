import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { test } from 'node:test'
import type { ChannelId } from '../../base/id.ts'
import { ANONYMOUS } from '../../base/viewer.ts'
import { createRemoteRecommender } from './client.ts'

test('a server that accepts connections and sends nothing is connected to again, at growing intervals', async t => {
  let connections = 0
  const server = createServer(socket => {
    connections++
    socket.on('error', () => {})
    t.after(() => socket.destroy())
  }).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  let seconds = 0
  const remote = createRemoteRecommender({
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    deadlineMs: 20,
    monotonic: () => seconds * 1_000,
  })
  t.after(() => remote.close())
  const request = { viewer: ANONYMOUS, channelId: 1 as ChannelId, count: 10, cursor: 1 }
  for (; seconds < 100; seconds++) await assert.rejects(remote.recommend(request), { kind: 'too-slow' })
  assert.ok(connections > 3 && connections < 10, `${connections} in a hundred seconds`)
})
