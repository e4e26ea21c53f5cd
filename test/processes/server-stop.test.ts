// How the real process stops: which requests it still answers, and how soon it ends.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { Agent } from 'node:http'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import pg from 'pg'
import { postgresUrl, waitUntilStopped } from '../support/data-folder-processes.ts'
import { sendRequest, signIn } from '../support/http-request.ts'
import {
  copyDataFolder,
  createDataFolder,
  QUIET,
  type ServerProcess,
  spawnServer,
  startServer,
  stopServer,
} from '../support/server-process.ts'
import { eventually, PATIENCE_MS, pause } from '../support/waiting.ts'

async function connectDatabase(t: TestContext, dataDir: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: postgresUrl(dataDir) })
  client.on('error', () => {})
  await client.connect()
  t.after(() => client.end().catch(() => {}))
  return client
}

/** Sends a request but for its last line. The returned function sends that and resolves to the status. */
async function beginRequest({ url }: ServerProcess, path: string): Promise<() => Promise<number>> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n`)
  return async () => {
    socket.write('\r\n')
    const [answer] = await once(socket, 'data')
    return Number(String(answer).split(' ')[1])
  }
}

// Shared by the tests.
const dataDir = await copyDataFolder({ after })

test('after SIGTERM every running request is answered, idle sockets delay nothing, and the exit code is 0', async t => {
  const server = await startServer(t, dataDir, QUIET)
  const client = await connectDatabase(t, dataDir)
  await client.query(`insert into channel (name) values ('科技'), ('体育')`)
  const tokens = await Promise.all(Array.from({ length: 4 }, (_, i) => signIn(server.url, `1380000010${i}`)))

  const { hostname, port } = new URL(server.url)
  const sockets: Socket[] = []
  for (let i = 0; i < 100; i++)
    sockets.push(
      connect(Number(port), hostname)
        .on('error', () => {})
        .resume(),
    )
  t.after(() => sockets.forEach(socket => socket.destroy()))
  for (const socket of sockets.slice(0, 50)) socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n') // and keep the connection

  let begun = 0
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const slow = tokens.map((_, i) => {
    const json = { mobile: `1380000020${i}`, code: '246810' }
    return sendRequest(server.url, '/app/v1_0/authorizations', { method: 'POST', json, restAfter: released, onBegun: () => begun++ })
  })
  await eventually(
    () => begun,
    count => count === slow.length,
  )
  // Last of all: these requests may wait for ten seconds only, and the steps above are slow on a busy machine.
  await client.query('begin')
  await client.query('select from reader for update')
  const held = tokens.map(token =>
    sendRequest(server.url, '/app/v1_0/user/channels', { method: 'PATCH', token, json: { channels: [{ id: 1, seq: 1 }] } }),
  )
  const answers = Promise.allSettled([...held, ...slow])
  await eventually(
    async () => (await client.query(`select from pg_stat_activity where wait_event_type = 'Lock'`)).rowCount,
    waiting => waiting === held.length,
  )
  const [ready, lives] = await Promise.all([beginRequest(server, '/readyz'), beginRequest(server, '/healthz')])
  const began = performance.now()
  server.kill('SIGTERM')
  // Idle connections are closed while requests are still being answered.
  await eventually(
    () => sockets.filter(socket => !socket.closed).length,
    count => count === 0,
  )
  assert.deepEqual(await Promise.all([ready(), lives()]), [503, 200])
  await client.query('commit')
  release()
  const statuses = (await answers).map(one => (one.status === 'fulfilled' ? one.value.status : one.reason.message))
  assert.deepEqual(
    statuses,
    statuses.map(() => 201),
  )
  const { code } = await server.ended
  const ms = Math.round(performance.now() - began)
  assert.equal(code, 0, 'no request was cut short')
  t.diagnostic(`${statuses.length} requests and 100 sockets: drained in ${ms} ms`)
  await waitUntilStopped(dataDir)
  assert.equal(existsSync(join(dataDir, 'server.json')), false)
})

/** Two requests that are never completed, and a connection without any. They do not delay a stop. */
async function leaveRequestsUnfinished(t: TestContext, server: ServerProcess): Promise<void> {
  const { hostname, port } = new URL(server.url)
  const sockets = Array.from({ length: 3 }, () => connect(Number(port), hostname).on('error', () => {}))
  t.after(() => sockets.forEach(socket => socket.destroy()))
  sockets[0]?.write('POST /app/v1_0/authorizations HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{"mo')
  sockets[1]?.write('GET /healthz HT')
  await pause(200)
}

test('clients that keep connections open are told to close them and none of their requests fails, also if the signal comes twice, as Ctrl-C sends it through the launcher', async t => {
  const server = await startServer(t, dataDir, QUIET)
  await leaveRequestsUnfinished(t, server)
  const served: number[] = Array(20).fill(0)
  const clients = served.map(async (_, i) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    for (let closes = false; !closes; served[i] = (served[i] ?? 0) + 1) {
      const answer = await sendRequest(server.url, '/app/v1_0/channels', { agent })
      assert.equal(answer.status, 200)
      closes = answer.closes
      await pause(5)
    }
    agent.destroy()
  })
  // Each client has sent several requests on its one connection.
  await eventually(
    () => Math.min(...served),
    least => least > 5,
  )
  server.kill('SIGINT')
  await pause(50)
  server.kill('SIGINT')
  const ended = stopServer(server)
  await Promise.all(clients)
  const { code, ms } = await ended
  t.diagnostic(`${served.reduce((a, b) => a + b)} requests, no failure; drained in ${ms} ms`)
  assert.equal(code, 0)
})

test('a signal that comes later than the first, while the server drains, ends it at once', async t => {
  const server = await startServer(t, dataDir, QUIET)
  const json = { mobile: '13800000300', code: '246810' }
  const { promise: underWay, resolve: onBegun } = Promise.withResolvers<void>()
  const restAfter = new Promise<void>(() => {})
  const answer = sendRequest(server.url, '/app/v1_0/authorizations', { method: 'POST', json, restAfter, onBegun }).catch(
    err => err as Error,
  )
  await underWay
  server.kill('SIGINT')
  // Longer than the half second within which two signals count as one.
  const again = setInterval(() => server.kill('SIGINT'), 700)
  assert.equal((await server.ended).code, 1)
  clearInterval(again)
  assert.ok((await answer) instanceof Error)
  await waitUntilStopped(dataDir)
})

test('a server that is stopped while it starts exits with 0 and leaves nothing behind', async t => {
  const dataDir = await createDataFolder(t)
  for (const ms of [600, 1_200]) {
    const { child, ended } = spawnServer(dataDir, QUIET)
    t.after(() => child.kill('SIGKILL'))
    await pause(ms)
    child.kill('SIGTERM')
    const { code, signal, err } = await ended
    // Before it handles signals, there is nothing to close but the process itself.
    assert.ok(code === 0 || signal === 'SIGTERM', `${code} ${signal} ${err}`)
    await waitUntilStopped(dataDir)
  }
  assert.equal((await stopServer(await startServer(t, dataDir, QUIET))).code, 0)
})

test('a server that is stopped while it waits for a database that does not answer exits with 0 at once', async t => {
  const silent = createServer().listen(0, '127.0.0.1')
  t.after(() => silent.close())
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const env = { ...QUIET, LOG_LEVEL: 'warn', DATABASE_URL: `postgres://nobody@127.0.0.1:${port}/none` }
  const { child, output, ended } = spawnServer(await createDataFolder(t), env)
  t.after(() => child.kill('SIGKILL'))
  let over = false
  void ended.then(() => {
    over = true
  })
  await eventually(
    () => ({ err: output.err, over }),
    now => now.err.includes('waiting for the database') || now.over,
    3 * PATIENCE_MS,
  )
  child.kill('SIGTERM')
  const { code, err } = await ended
  assert.equal(code, 0, err)
  assert.doesNotMatch(err, /does not answer/)
})
