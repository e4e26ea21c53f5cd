// How a server stops: which requests it still answers, and how soon it ends.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import pg from 'pg'
import { postgresUrl, waitUntilStopped } from '../support/data-folder-processes.ts'
import { sendRequest, signIn } from '../support/http-request.ts'
import type { ServerProcess } from '../support/server-process.ts'
import { eventually, PATIENCE_MS, pause, within } from '../support/waiting.ts'

const SOCKETS = 100
const HELD = 4 // requests that wait for a lock, and as many whose bodies are under way
const KEEPING = 10 // clients that send one request after another on one connection

const socketTo = ({ url }: ServerProcess): Socket => {
  const { hostname, port } = new URL(url)
  return connect(Number(port), hostname)
    .on('error', () => {})
    .resume()
}

/** Sends a request but for its last line. The returned function sends that and resolves to the status. */
async function beginRequest({ url }: ServerProcess, path: string): Promise<() => Promise<number>> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await within(once(socket, 'connect'), `a connection for ${path}`)
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n`)
  return async () => {
    socket.write('\r\n')
    const [answer] = await within(once(socket, 'data'), `an answer to ${path}`)
    return Number(String(answer).split(' ')[1])
  }
}

/**
 * Stops a server that has requests under way, idle sockets, clients that keep their connections and some that never finish a
 * request. The signal comes twice, as Ctrl-C sends it through the launcher. Resolves to the exit code and a line of figures.
 */
export async function stopWhileInUse(t: TestContext, server: ServerProcess) {
  // Its transaction keeps requests waiting, for longer than the server's PostgreSQL lets one be idle.
  const client = new pg.Client({ connectionString: postgresUrl(server.dataDir), idle_in_transaction_session_timeout: PATIENCE_MS })
  client.on('error', () => {})
  await client.connect()
  t.after(() => client.end().catch(() => {}))
  await client.query(`insert into channel (name) values ('科技'), ('体育')`)
  const tokens = await Promise.all(Array.from({ length: HELD }, (_, i) => signIn(server.url, `1380000010${i}`)))

  const sockets = Array.from({ length: SOCKETS }, () => socketTo(server))
  const unfinished = Array.from({ length: 3 }, () => socketTo(server))
  t.after(() => [...sockets, ...unfinished].forEach(socket => socket.destroy()))
  for (const socket of sockets.slice(0, SOCKETS / 2)) socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n') // and keep the connection
  unfinished[0]?.write(
    'POST /app/v1_0/authorizations HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{"mo',
  )
  unfinished[1]?.write('GET /healthz HT')

  const served: number[] = Array(KEEPING).fill(0)
  const keeping = served.map(async (_, i) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    for (let closes = false; !closes; served[i] = (served[i] ?? 0) + 1) {
      const answer = await sendRequest(server.url, '/app/v1_0/channels', { agent })
      assert.equal(answer.status, 200)
      closes = answer.closes
      await pause(20)
    }
    agent.destroy()
  })
  const kept = Promise.all(keeping)
  kept.catch(() => {}) // awaited below
  await eventually(
    () => Math.min(...served),
    least => least > 5,
  )

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
  server.kill('SIGINT')
  await pause(50)
  server.kill('SIGINT')
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
  await kept
  const { code, err } = await server.ended()
  await waitUntilStopped(server.dataDir)
  const ms = Math.round(performance.now() - began)
  return { code, err, figures: `${statuses.length} requests, ${KEEPING} clients and ${SOCKETS} sockets: drained in ${ms} ms` }
}

/** Stops a server, and again while it drains, later than the half second within which two signals count as one. */
export async function stopTwice(server: ServerProcess): Promise<number | null> {
  const json = { mobile: '13800000300', code: '246810' }
  const { promise: underWay, resolve: onBegun } = Promise.withResolvers<void>()
  const restAfter = new Promise<void>(() => {})
  const answer = sendRequest(server.url, '/app/v1_0/authorizations', { method: 'POST', json, restAfter, onBegun }).catch(
    err => err as Error,
  )
  await within(underWay, 'a request is under way')
  server.kill('SIGINT')
  const again = setInterval(() => server.kill('SIGINT'), 700)
  const { code } = await server.ended()
  clearInterval(again)
  assert.ok((await answer) instanceof Error)
  await waitUntilStopped(server.dataDir)
  return code
}
