// A client vanishes without a word, as a phone in a tunnel: no packet tells the server that its connection has ended.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { startProduct } from '../../support/product.ts'
import { type ClientVersion, openSocket } from '../../support/sockets.ts'
import { startTcpProxy } from '../../support/tcp-proxy.ts'
import { eventually } from '../../support/waiting.ts'

/** The server waits 85 s for a sign of life, and a busy machine some more. */
const NOTICED_MS = 150_000
const VERSIONS: ClientVersion[] = [2, 4]
const skip = SIZE === 'smoke' && 'the server waits 85 s before it cuts a half-open connection'

test('half-open sockets are cut, and the sockets of others are not', { skip, timeout: 300_000 }, async t => {
  const product = await startProduct({ alwaysEmbedded: true })
  const [alice, bob] = [await product.signIn('alice'), await product.signIn('bob')]
  const { hostname, port } = new URL(product.url)
  const proxy = await startTcpProxy(Number(port), hostname)
  const staying = VERSIONS.map(version =>
    openSocket(product.url, { version, transports: ['websocket'], query: { token: bob.token }, more: { reconnection: false } }),
  )
  const vanishing = VERSIONS.map(version => openMuteSocket(`ws://127.0.0.1:${proxy.port}`, alice.token, version))
  await Promise.all(staying.map(socket => socket.connected()))
  const openCount = async () => Number(/^sockets\{viewer="reader"\} (\d+)$/m.exec(await product.metrics())?.[1])
  await eventually(openCount, count => count === 4)

  proxy.blackhole()
  const began = performance.now()
  await eventually(openCount, count => count === 2, NOTICED_MS)
  t.diagnostic(`two half-open sockets were cut within ${Math.round((performance.now() - began) / 1_000)} s`)
  await bob.get('/app/v1_0/imtest/f')
  for (const socket of staying) {
    await socket.next('following notify')
    assert.equal(socket.connects(), 1)
    socket.close()
  }
  for (const socket of vanishing) socket.close()
})

/** The libraries' clients would notice the silence and close. This one connects, and then neither answers nor closes. */
function openMuteSocket(url: string, token: string, version: ClientVersion): WebSocket {
  const socket = new WebSocket(`${url}/socket.io/?EIO=${version === 2 ? 3 : 4}&transport=websocket&token=${token}`)
  if (version === 4) socket.addEventListener('message', ({ data }) => String(data).startsWith('0') && socket.send('40'))
  return socket
}
