// How the real process starts: what it prints, and when it refuses to start.

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createApp } from '../../src/app/app.ts'
import { readConfig } from '../../src/config.ts'
import { postgresPid, processesUsing } from '../support/data-folder-processes.ts'
import { sendRequest, signIn } from '../support/http-request.ts'
import { createDataFolder, QUIET, type ServerProcess, spawnServer, startServer, stopServer } from '../support/server-process.ts'
import { eventually, PATIENCE_MS, pause } from '../support/waiting.ts'

/** Started by the first test, killed by the second. */
let first: ServerProcess | undefined
after(() => first?.kill('SIGKILL')) // before the folder waits for its processes
// Shared by the tests, so that only the first of them initialises a database.
const dataDir = await createDataFolder({ after })
const SECRETS = ['token-key', 'trace-key']

/** In this process: a second less than in one of its own. */
const startHere = (env: Record<string, string>) => createApp(readConfig({ ...QUIET, PORT: '0', GRPC_PORT: '0', ...env }))

test('a start ends with the ready line', async t => {
  const server = await startServer(undefined, dataDir, QUIET)
  first = server
  t.diagnostic(`first start ${server.startMs} ms`)
  await pause(300)
  const lines = server.output.out.trimEnd().split('\n')
  assert.match(lines.at(-1) ?? '', /^ready http:\/\/127\.0\.0\.1:\d+ grpc 127\.0\.0\.1:\d+$/)
  assert.match(server.output.out, /13911111111.*246810/)
  assert.ok(server.output.out.includes(dataDir))
  assert.deepEqual(JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')), { pid: server.pid, url: server.url, grpc: server.grpc })
  assert.equal((await sendRequest(server.url, '/readyz')).status, 200)
})

test('a second server on the same data folder is refused with the pid of the first, until the first is killed, even while it writes its secrets; a stop leaves nothing behind', async t => {
  assert.ok(first, 'it has started')
  const { pid, url } = first
  const refusal = new RegExp(`another server, process ${pid}, is using ${dataDir}`)
  const assertUndisturbed = async () => {
    // For a while after a crash of PostgreSQL it is not ready.
    await eventually(
      () => sendRequest(url, '/readyz'),
      ({ status }) => status === 200,
    )
    assert.equal(JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')).pid, pid)
  }
  const { child, ended } = spawnServer(dataDir, QUIET)
  t.after(() => child.kill('SIGKILL'))
  const second = await Promise.race([ended, sleep(3 * PATIENCE_MS, undefined, { ref: false })])
  assert.ok(second, 'a second server runs')
  assert.equal(second.code, 1)
  assert.match(second.err, refusal)
  assert.equal(second.out, '')
  await assertUndisturbed()

  // The lock belongs to the server process and survives a crash of PostgreSQL.
  process.kill(postgresPid(dataDir) as number, 'SIGKILL')
  await pause(1_000)
  await assert.rejects(startHere({ DATA_DIR: dataDir }), refusal)
  await assertUndisturbed()

  first.kill('SIGKILL')
  await first.ended
  await leaveEmptySecrets()
  const next = await startServer(t, dataDir, QUIET)
  t.diagnostic(`warm start ${next.startMs} ms`)
  assert.equal((await sendRequest(next.url, '/readyz')).status, 200)
  await assertSecretsWork(next)
  const { code, ms, err } = await stopServer(next, 'SIGINT')
  t.diagnostic(`idle stop ${ms} ms`)
  assert.deepEqual([code, err], [0, ''])
  assert.equal(existsSync(join(dataDir, 'server.json')), false)
})

/** As when the server is killed while it writes its secrets. The next start makes them, without repair. */
async function leaveEmptySecrets(): Promise<void> {
  await chmod(dataDir, 0o711)
  for (const name of SECRETS) await writeFile(join(dataDir, 'secrets', name), '', { mode: 0o600 })
}

async function assertSecretsWork(server: ServerProcess): Promise<void> {
  await signIn(server.url, '13800000001')
  for (const name of SECRETS) assert.ok(readFileSync(join(dataDir, 'secrets', name), 'utf8').length >= 32)
}

test('invalid settings are all reported at once, and nothing is started', async t => {
  const dataDir = await createDataFolder(t)
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

test('a port in use is reported with the name of its setting, and nothing is left running', async t => {
  const other = createServer().listen(0, '127.0.0.1')
  t.after(() => other.close())
  await new Promise(resolve => other.once('listening', resolve))
  const { port } = other.address() as { port: number }
  const assertNothingRuns = () => {
    assert.deepEqual(processesUsing(dataDir), [])
    assert.equal(existsSync(join(dataDir, 'server.json')), false)
  }
  const { code, err, out } = await spawnServer(dataDir, { ...QUIET, PORT: String(port) }).ended
  assert.equal(code, 1)
  assert.match(err, new RegExp(`^broadsheet stopped: .*127\\.0\\.0\\.1:${port} is taken.*\\bPORT\\b`))
  assert.equal(err.trim().split('\n').length, 1)
  assert.equal(out, '')
  assertNothingRuns()
  await assert.rejects(startHere({ DATA_DIR: dataDir, GRPC_PORT: String(port) }), new RegExp(`${port} is taken.*\\bGRPC_PORT\\b`))
  assertNothingRuns()
})

test('an unusable data folder is reported with the name of its setting and the reason, and the process ends', async t => {
  const folder = await createDataFolder(t)
  await writeFile(`${folder}-file`, '')
  const reasons: Record<string, RegExp> = {
    [`${folder}-file`]: /file is not a folder/,
    [`${folder}-file/below`]: /file is not a folder/,
    // Nothing can be created in /proc, not even by root.
    '/proc/broadsheet': /no folder can be created there|it cannot be written to/,
    '/proc': /no folder can be created there|it cannot be written to/,
  }
  const { child, ended } = spawnServer(`${folder}-file`, QUIET)
  t.after(() => child.kill('SIGKILL'))
  const { code, out, err } = await ended
  assert.deepEqual([code, out], [1, ''], err)
  for (const [dataDir, reason] of Object.entries(reasons)) {
    const refused = await startHere({ DATA_DIR: dataDir }).catch(String)
    for (const said of dataDir.endsWith('-file') ? [err, refused] : [refused]) {
      assert.match(String(said), /DATA_DIR is /)
      assert.match(String(said), reason)
    }
  }
})
