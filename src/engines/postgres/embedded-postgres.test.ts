import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { startWriter, WRITER, waitForWriter } from '../../../test/chaos/postgres-crash/scenario.ts'
import { eventually, PATIENCE_MS, retryUntilDone, within } from '../../../test/support/waiting.ts'
import { silentLog } from '../../base/log.ts'
import { startPostgres } from './embedded-postgres.ts'
import { isServerRunning } from './postmaster-file.ts'

function folder(t: { after(ends: () => void): void }): string {
  const path = mkdtempSync(join(tmpdir(), 'broadsheet-postgres-'))
  t.after(() => rmSync(path, { recursive: true, force: true }))
  return join(path, 'data')
}

// Of all tests, because making one takes a second. The first test makes it.
const dataDir = folder({ after })

async function open(t: TestContext, dataDir: string) {
  const postgres = await startPostgres({ dataDir, log: silentLog })
  t.after(() => postgres.stop())
  return postgres
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new Client(url)
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' })
    return rows[0]?.[0]
  } finally {
    await client.end()
  }
}

// Whatever is waited for here takes a second where nothing else runs.
const until = (isSo: () => boolean) => eventually(isSo, yes => yes, 3 * PATIENCE_MS)

/** The first answer to come, for a server that is just being restarted. */
const askUntilAnswered = (url: string, sql: string) => retryUntilDone(() => ask(url, sql), 3 * PATIENCE_MS)

test('a first start that was killed half-way does not stop the next ones, and two of those at the same moment share one database', async () => {
  const half = () => existsSync(dataDir) && readdirSync(dataDir).some(name => name.startsWith('postgres.new-'))
  const child = spawn(process.execPath, [WRITER, dataDir], { stdio: 'ignore', detached: true })
  await until(half)
  await sleep(150) // initdb takes half a second
  child.kill('SIGKILL')
  await once(child, 'close')
  mkdirSync(join(dataDir, 'postgres.new-1', 'cluster'), { recursive: true })
  const both = await Promise.all([startWriter(dataDir), startWriter(dataDir)])
  assert.equal(both.filter(each => each.server.isOwner).length, 1)
  assert.equal(new Set(both.map(each => each.server.url)).size, 1)
  assert.equal(await ask(both[0].server.url, 'select 1'), 1)
  assert.deepEqual(readdirSync(dataDir).toSorted(), ['postgres', 'secrets'])
  for (const each of both) each.process.kill('SIGKILL')
  await until(() => !isServerRunning(both[0].server.pid, join(dataDir, 'postgres')))
})

test('the first start creates a database that only the holder of the password can use', async t => {
  const postgres = await open(t, dataDir)
  assert.equal(postgres.isOwner, true)
  assert.equal(await ask(postgres.url, 'select 1'), 1)
  assert.equal(statSync(join(dataDir, 'secrets', 'postgres')).mode & 0o777, 0o600)
  const url = new URL(postgres.url)
  assert.equal(url.hostname, '127.0.0.1')
  url.password = 'guessed'
  await assert.rejects(ask(url.href, 'select 1'), { code: '28P01' }) // invalid_password
  await postgres.stop()
  assert.equal(isServerRunning(postgres.pid, join(dataDir, 'postgres')), false)
  await assert.rejects(ask(postgres.url, 'select 1'), { code: 'ECONNREFUSED' })
})

test('Chinese characters are letters to the text search, and lower() knows every alphabet', async t => {
  const { url } = await open(t, dataDir)
  assert.equal(await ask(url, "select lower('ÄÖ Ж')"), 'äö ж')
  assert.equal(await ask(url, "select to_tsvector('simple', '新闻，阅读')::text"), "'新闻':1 '阅读':2")
  assert.equal(await ask(url, "select 'a' < 'Ä' and 'Z' < 'a'"), true) // order of code points, equal on every machine
})

test('a warm restart keeps the rows, the password and the port', async t => {
  const first = await open(t, dataDir)
  await ask(first.url, 'create table warm as select 42 as n')
  await first.stop()
  const second = await open(t, dataDir)
  assert.equal(second.url, first.url)
  assert.equal(await ask(second.url, 'select n from warm'), 42)
})

test('a killed PostgreSQL comes back on the same port, and later stops as usual', async t => {
  const postgres = await open(t, dataDir)
  await ask(postgres.url, 'create table kept as select 42 as n')
  for (let round = 0; round < 2; round++) {
    const { pid } = postgres
    process.kill(pid, 'SIGKILL')
    assert.equal(await askUntilAnswered(postgres.url, 'select n from kept'), 42)
    await until(() => postgres.pid !== pid) // it answers a moment before we have seen that it is ready
    assert.equal(postgres.isOwner, true)
  }
  await postgres.stop()
  await assert.rejects(ask(postgres.url, 'select 1'), { code: 'ECONNREFUSED' })
})

test('neither an absent process, nor a zombie, nor a stranger with its number is taken for a live server', async t => {
  const first = await open(t, dataDir)
  await first.stop()
  // A process that never reaps its ended child: what PID 1 of many a container does.
  const stranger = spawn('sh', ['-c', 'true & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
  t.after(() => stranger.kill())
  const [zombie] = await within(once(stranger.stdout.setEncoding('utf8'), 'data'), 'a shell prints the number of its child')
  for (const pid of [2 ** 22 + 1 /* above the highest Linux gives */, Number(zombie), stranger.pid]) {
    const left = [pid, join(dataDir, 'postgres'), 1_700_000_000, 5432, '', '127.0.0.1', '', 'ready', ''].join('\n')
    writeFileSync(join(dataDir, 'postgres', 'postmaster.pid'), left)
    const postgres = await open(t, dataDir)
    assert.equal(postgres.isOwner, true)
    assert.equal(await ask(postgres.url, 'select 1'), 1)
    await postgres.stop()
  }
  assert.equal(stranger.signalCode ?? stranger.exitCode, null) // and it received no signal
})

test('a second process joins the server, and takes it over when the first is killed', async t => {
  const first = await startWriter(dataDir)
  const second = await open(t, dataDir)
  assert.deepEqual([first.server.isOwner, second.isOwner], [true, false])
  assert.deepEqual([second.url, second.pid], [first.server.url, first.server.pid])
  first.process.kill('SIGKILL')
  await until(() => second.isOwner)
  assert.equal(await askUntilAnswered(second.url, 'select 1'), 1)
  assert.notEqual(second.pid, first.server.pid)
})

test('no server outlives its owner, even one that is killed', { skip: process.platform !== 'linux' }, async () => {
  const { process: child, server } = await startWriter(dataDir)
  child.kill('SIGKILL')
  await until(() => !isServerRunning(server.pid, join(dataDir, 'postgres')))
})

test('one who joined leaves the server to its owner', async t => {
  const first = await open(t, dataDir)
  const second = await startWriter(dataDir)
  assert.equal(second.server.isOwner, false)
  second.process.stdin.end()
  await within(once(second.process, 'close'), 'one who joined ends')
  assert.equal(await ask(first.url, 'select 1'), 1)
})

test('Ctrl-C, which reaches the whole process group, leaves the database to a process that still drains', async t => {
  const { process: child, server } = await startWriter(dataDir)
  t.after(() => child.kill('SIGKILL'))
  process.kill(-(child.pid ?? 0), 'SIGINT')
  await sleep(300) // a fast shutdown takes ten
  assert.equal(await ask(server.url, 'select 1'), 1)
  assert.equal(isServerRunning(server.pid, join(dataDir, 'postgres')), true)
})

test('an ordinary user can start it', async t => {
  if (process.getuid?.() !== 0) return t.skip('every test here already runs as one')
  const nobodyKnown = ['--reuid=12345', '--regid=12345', '--clear-groups'] // a number without a name, as in many containers
  const home = mkdtempSync(join(tmpdir(), 'broadsheet-postgres-'))
  t.after(() => rmSync(home, { recursive: true, force: true }))
  chownSync(home, 12345, 12345)
  const words = [...nobodyKnown, process.execPath]
  if (spawnSync('setpriv', [...words, '--check', WRITER]).status !== 0) return t.skip('this checkout is closed to other users')
  const child = spawn('setpriv', [...words, WRITER, join(home, 'data')], { stdio: ['pipe', 'pipe', 'inherit'] })
  const { server } = await waitForWriter(child)
  assert.equal(await ask(server.url, 'select 1'), 1)
  assert.equal(statSync(join(home, 'data', 'postgres')).uid, 12345)
  assert.equal(statSync(join(home, 'data')).mode & 0o777, 0o700)
  child.stdin.end()
  await within(once(child, 'close'), 'the server of an ordinary user ends')
  assert.equal(isServerRunning(server.pid, join(home, 'data', 'postgres')), false)
})
