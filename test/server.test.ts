// The real process from its start to its end: what it prints, whom it refuses, and how it leaves.

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import pg from 'pg'
import { pause } from './product.ts'
import {
  dataFolder,
  postgresGone,
  postgresOf,
  postgresUrl,
  processesOn,
  type ServerProcess,
  spawnServer,
  startServer,
} from './server-process.ts'

const QUIET = { LOG_LEVEL: 'silent' }

interface Answer {
  status: number
  closes: boolean
  body: string
}

/** One request; `slowBody` sends the second half of the body only after that time. */
function ask(url: string, path: string, how: { method?: string; token?: string; json?: unknown; slowBody?: number; agent?: Agent } = {}) {
  return new Promise<Answer>((resolve, reject) => {
    const body = how.json === undefined ? '' : JSON.stringify(how.json)
    const headers = {
      ...(body ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } : {}),
      ...(how.token ? { authorization: `Bearer ${how.token}` } : {}),
    }
    const sent = request(url + path, { method: how.method ?? 'GET', headers, agent: how.agent ?? false, timeout: 20_000 }, answer => {
      let text = ''
      answer.setEncoding('utf8').on('data', piece => {
        text += piece
      })
      answer.on('error', reject)
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, closes: answer.headers.connection === 'close', body: text }))
    })
    sent.on('error', reject)
    if (how.slowBody === undefined) return void sent.end(body)
    sent.write(body.slice(0, body.length / 2))
    setTimeout(() => sent.end(body.slice(body.length / 2)), how.slowBody)
  })
}

async function signIn(url: string, mobile: string): Promise<string> {
  const { status, body } = await ask(url, '/app/v1_0/authorizations', { method: 'POST', json: { mobile, code: '246810' } })
  assert.equal(status, 201, body)
  return JSON.parse(body).data.token
}

async function database(t: TestContext, dataDir: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: postgresUrl(dataDir) })
  client.on('error', () => {})
  await client.connect()
  t.after(() => client.end().catch(() => {}))
  return client
}

/** Tells the server to stop and waits for its end, and for that of its PostgreSQL. */
async function stop(server: ServerProcess, signal: NodeJS.Signals = 'SIGTERM') {
  const began = performance.now()
  server.kill(signal)
  const ended = await server.ended
  const ms = Math.round(performance.now() - began)
  await postgresGone(server.dataDir)
  return { ...ended, ms }
}

test('a start ends with the ready line, a stop leaves nothing behind, and the next start is quick', async t => {
  const dataDir = await dataFolder(t)
  const first = await startServer(t, dataDir, QUIET)
  await pause(300)
  const lines = first.said.out.trimEnd().split('\n')
  assert.match(lines.at(-1) ?? '', /^ready http:\/\/127\.0\.0\.1:\d+ grpc 127\.0\.0\.1:\d+$/)
  assert.match(first.said.out, /13911111111.*246810/)
  assert.ok(first.said.out.includes(dataDir))
  assert.deepEqual(JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')), { pid: first.pid, url: first.url, grpc: first.grpc })
  assert.equal((await ask(first.url, '/readyz')).status, 200)
  const { code, ms, err } = await stop(first)
  assert.deepEqual([code, err], [0, ''])
  assert.equal(existsSync(join(dataDir, 'server.json')), false)

  const again = await startServer(t, dataDir, QUIET)
  t.diagnostic(`first start ${first.startMs} ms, warm start ${again.startMs} ms, idle stop ${ms} ms`)
  assert.equal((await stop(again, 'SIGINT')).code, 0)
})

test('a second server on the same data is refused, with the pid of the first; not so after the first was killed', async t => {
  const dataDir = await dataFolder(t)
  const first = await startServer(t, dataDir, QUIET)
  const refuse = async () => {
    const began = performance.now()
    const { child, ended } = spawnServer(dataDir, QUIET)
    t.after(() => child.kill('SIGKILL'))
    const second = await Promise.race([ended, pause(15_000).then(() => undefined)])
    assert.ok(second, 'a second server runs')
    assert.equal(second.code, 1)
    assert.match(second.err, new RegExp(`another server, process ${first.pid}, is using ${dataDir}`))
    assert.equal(second.out, '')
    assert.equal((await ask(first.url, '/readyz')).status, 200)
    assert.equal(JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')).pid, first.pid)
    return Math.round(performance.now() - began)
  }
  t.diagnostic(`refused ${await refuse()} ms after its start`)

  // The place is the server's own, and not lost with the database's memory.
  process.kill(postgresOf(dataDir) as number, 'SIGKILL')
  for (let tries = 200; tries > 0 && (await ask(first.url, '/readyz')).status !== 200; tries--) await pause(50)
  await pause(1_000)
  await refuse()

  first.kill('SIGKILL')
  await first.ended
  const next = await startServer(t, dataDir, QUIET)
  assert.equal((await ask(next.url, '/readyz')).status, 200)
  assert.equal((await stop(next)).code, 0)
})

test('SIGTERM: every request under way is answered, idle sockets hold nothing up, and the process ends with 0', async t => {
  const dataDir = await dataFolder(t)
  const server = await startServer(t, dataDir, QUIET)
  const client = await database(t, dataDir)
  await client.query(`insert into channel (name) values ('科技'), ('体育')`)
  const tokens = await Promise.all(Array.from({ length: 10 }, (_, i) => signIn(server.url, `1380000010${i}`)))
  await client.query('begin')
  await client.query('select from reader for update')

  const { hostname, port } = new URL(server.url)
  const sockets: Socket[] = []
  for (let i = 0; i < 100; i++) sockets.push(connect(Number(port), hostname).on('error', () => {}))
  t.after(() => sockets.forEach(socket => socket.destroy()))
  for (const socket of sockets.slice(0, 50)) socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n') // and then keep it

  const held = tokens.map(token =>
    ask(server.url, '/app/v1_0/user/channels', { method: 'PATCH', token, json: { channels: [{ id: 1, seq: 1 }] } }),
  )
  const slow = tokens.map((_, i) => {
    const json = { mobile: `1380000020${i}`, code: '246810' }
    return ask(server.url, '/app/v1_0/authorizations', { method: 'POST', json, slowBody: 3_000 })
  })
  const answers = Promise.allSettled([...held, ...slow])
  await pause(300)
  const began = performance.now()
  server.kill('SIGTERM')
  await pause(100)
  assert.equal((await ask(server.url, '/readyz')).status, 503)
  assert.equal((await ask(server.url, '/healthz')).status, 200)
  await pause(2_600)
  await client.query('commit').catch(() => {})
  await client.end()
  const statuses = (await answers).map(one => (one.status === 'fulfilled' ? one.value.status : one.reason.message))
  assert.deepEqual(
    statuses,
    statuses.map(() => 201),
  )
  const { code } = await server.ended
  const ms = Math.round(performance.now() - began)
  assert.equal(code, 0)
  assert.ok(ms < 7_000, `the last request was answered after some 3 s, and the end came after ${ms} ms`)
  t.diagnostic(`20 requests of 3 s and 100 sockets: drained in ${ms} ms`)
  await postgresGone(dataDir)
  assert.equal(existsSync(join(dataDir, 'server.json')), false)
})

test('a request that never comes to its end cannot keep the process from ending in time, and with 0', async t => {
  const dataDir = await dataFolder(t)
  const server = await startServer(t, dataDir, QUIET)
  const { hostname, port } = new URL(server.url)
  const sockets = Array.from({ length: 3 }, () => connect(Number(port), hostname).on('error', () => {}))
  t.after(() => sockets.forEach(socket => socket.destroy()))
  sockets[0]?.write('POST /app/v1_0/authorizations HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{"mo')
  sockets[1]?.write('GET /healthz HT')
  await pause(200)
  const { code, ms } = await stop(server)
  t.diagnostic(`ended after ${ms} ms`)
  assert.equal(code, 0)
  assert.ok(ms < 15_000)
})

test('clients that keep their connections are told to close them: none of their requests fails', async t => {
  const server = await startServer(t, await dataFolder(t), QUIET)
  const served: number[] = []
  const clients = Array.from({ length: 20 }, async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    let count = 0
    for (let closes = false; !closes; count++) {
      const answer = await ask(server.url, '/app/v1_0/channels', { agent })
      assert.equal(answer.status, 200)
      closes = answer.closes
      await pause(5)
    }
    agent.destroy()
    served.push(count)
  })
  await pause(500)
  const ended = stop(server)
  await Promise.all(clients)
  assert.ok(Math.min(...served) > 5, 'each had its one connection for many requests')
  const { code, ms } = await ended
  t.diagnostic(`${served.reduce((a, b) => a + b)} requests, no failure; drained in ${ms} ms`)
  assert.equal(code, 0)
})

test('the same signal twice, as Ctrl-C sends it through a launcher, still drains; a later one ends at once', async t => {
  const dataDir = await dataFolder(t)
  const slowly = async (server: ServerProcess) => {
    const json = { mobile: '13800000300', code: '246810' }
    const answer = ask(server.url, '/app/v1_0/authorizations', { method: 'POST', json, slowBody: 2_500 }).catch(err => err as Error)
    await pause(200)
    server.kill('SIGINT')
    return answer
  }
  const patient = await startServer(t, dataDir, QUIET)
  const answered = slowly(patient)
  await pause(400)
  patient.kill('SIGINT')
  patient.kill('SIGTERM')
  const answer = await answered
  assert.equal((answer as Answer).status, 201)
  assert.equal((await patient.ended).code, 0)
  await postgresGone(dataDir)

  const hasty = await startServer(t, dataDir, QUIET)
  const cut = slowly(hasty)
  await pause(1_000)
  const began = performance.now()
  hasty.kill('SIGINT')
  assert.equal((await hasty.ended).code, 1)
  assert.ok(performance.now() - began < 500)
  assert.ok((await cut) instanceof Error)
  await postgresGone(dataDir)
})

test('told to stop while it starts, it ends with 0 and leaves nothing behind', async t => {
  const dataDir = await dataFolder(t)
  for (const ms of [400, 800, 1_200]) {
    const { child, ended } = spawnServer(dataDir, QUIET)
    t.after(() => child.kill('SIGKILL'))
    await pause(ms)
    child.kill('SIGTERM')
    const { code, signal, err } = await ended
    // Before it listens for signals there is nothing to end but the process itself.
    assert.ok(code === 0 || signal === 'SIGTERM', `${code} ${signal} ${err}`)
    await postgresGone(dataDir)
  }
  assert.equal((await stop(await startServer(t, dataDir, QUIET))).code, 0)
})

test('wrong settings are all told at once, and nothing is started', async t => {
  const dataDir = await dataFolder(t)
  const wrong = {
    PORT: '70000',
    GRPC_PORT: 'x',
    LOG_LEVEL: 'loud',
    TIMEZONE: 'Moon/Sea',
    ROLES: 'api,cook',
    TRACE_KEY: 'short',
    DEMO: 'maybe',
  }
  const { code, err, out } = await spawnServer(dataDir, wrong).ended
  assert.ok(code === 1 || code === 2)
  for (const name of Object.keys(wrong)) assert.match(err, new RegExp(`^  ${name} must `, 'm'))
  assert.equal(out, '')
  assert.doesNotMatch(err, /\bat .*\.ts/)
  assert.equal(existsSync(dataDir), false)
})

test('a port that is taken is named with its setting, and nothing is left running', async t => {
  const dataDir = await dataFolder(t)
  const other = createServer().listen(0, '127.0.0.1')
  t.after(() => other.close())
  await new Promise(resolve => other.once('listening', resolve))
  const { port } = other.address() as { port: number }
  for (const name of ['PORT', 'GRPC_PORT']) {
    const began = performance.now()
    const { code, err, out } = await spawnServer(dataDir, { ...QUIET, [name]: String(port) }).ended
    assert.equal(code, 1)
    assert.match(err, new RegExp(`^broadsheet could not go on: .*127\\.0\\.0\\.1:${port} is taken.*\\b${name}\\b`))
    assert.equal(err.trim().split('\n').length, 1)
    assert.equal(out, '')
    assert.deepEqual(processesOn(dataDir), [])
    assert.equal(existsSync(join(dataDir, 'server.json')), false)
    assert.ok(performance.now() - began < 15_000)
  }
})

test('a start that was killed while it wrote its secrets needs nobody to repair it', async t => {
  const dataDir = await dataFolder(t)
  await mkdir(join(dataDir, 'secrets'), { recursive: true })
  await chmod(dataDir, 0o711)
  for (const name of ['token-key', 'trace-key']) await writeFile(join(dataDir, 'secrets', name), '', { mode: 0o600 })
  const server = await startServer(t, dataDir, QUIET)
  await signIn(server.url, '13800000001')
  assert.equal((await stop(server)).code, 0)
  for (const name of ['token-key', 'trace-key']) assert.ok(readFileSync(join(dataDir, 'secrets', name), 'utf8').length >= 32)
})
