// The life of an installation in real processes: how the server starts, when it refuses to, and how it stops. One data folder,
// so that only the first start initialises a database.

import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createApp } from '../../src/app/app.ts'
import { readConfig } from '../../src/config.ts'
import { runCli } from '../support/cli.ts'
import { postgresPid, processesUsing, waitUntilStopped } from '../support/data-folder-processes.ts'
import { sendRequest, signIn } from '../support/http-request.ts'
import { createDataFolder, QUIET, type ServerProcess, spawnServer, startServer } from '../support/server-process.ts'
import { eventually, PATIENCE_MS, pause } from '../support/waiting.ts'
import { send, signInAsAdmin, useCommandLine } from './command-line.ts'
import { stopTwice, stopWhileInUse } from './stopping.ts'

/** Started by one test, killed by the next but one. */
let first: ServerProcess | undefined
after(() => first?.kill('SIGKILL')) // before the folder waits for its processes
const dataDir = await createDataFolder({ after })
const serverFile = join(dataDir, 'server.json')
const passwordFile = join(dataDir, 'secrets', 'admin-password')
let password: string
/** As in src/app/shutdown.ts. */
const SHUTDOWN_MS = 15_000
const SECRETS = ['token-key', 'trace-key']

/** In this process: a second less than in one of its own. */
const startHere = (env: Record<string, string>) => createApp(readConfig({ ...QUIET, PORT: '0', GRPC_PORT: '0', DEMO: '0', ...env }))

test('a start ends with the ready line; the password of the first administrator is told once, and kept for its owner', async t => {
  const server = await startServer(undefined, dataDir, QUIET)
  first = server
  t.diagnostic(`first start ${server.startMs} ms`)
  const lines = server.output.out.trimEnd().split('\n')
  assert.match(lines.at(-1) ?? '', /^ready http:\/\/127\.0\.0\.1:\d+ grpc 127\.0\.0\.1:\d+$/)
  assert.match(server.output.out, /13911111111.*246810/)
  assert.ok(server.output.out.includes(dataDir))
  assert.deepEqual(JSON.parse(readFileSync(serverFile, 'utf8')), { pid: server.pid, url: server.url, grpc: server.grpc })
  assert.equal((await sendRequest(server.url, '/readyz')).status, 200)

  password = /\n {2}admin {4}admin, password (\S{9,})\n/.exec(server.output.out)?.[1] as string
  assert.ok(password, server.output.out)
  assert.equal(statSync(passwordFile).mode & 0o777, 0o600)
  assert.equal(readFileSync(passwordFile, 'utf8'), `admin ${password}\n`)
})

test('a second server on the same data folder is refused with the pid of the first, until the first is killed', async t => {
  assert.ok(first, 'it has started')
  const { pid, url } = first
  const refusal = new RegExp(`another server, process ${pid}, is using ${dataDir}`)
  const assertUndisturbed = async () => {
    // For a while after a crash of PostgreSQL it is not ready.
    await eventually(
      () => sendRequest(url, '/readyz'),
      ({ status }) => status === 200,
    )
    assert.equal(JSON.parse(readFileSync(serverFile, 'utf8')).pid, pid)
  }
  const { child, ended } = spawnServer(dataDir, QUIET)
  t.after(() => child.kill('SIGKILL'))
  const second = await ended()
  assert.equal(second.code, 1)
  assert.match(second.err, refusal)
  assert.match(second.err, /^broadsheet stopped: .*\n$/)
  assert.equal(second.out, '')
  await assertUndisturbed()

  // The lock belongs to the server process and survives a crash of PostgreSQL.
  process.kill(postgresPid(dataDir) as number, 'SIGKILL')
  await pause(1_000)
  await assert.rejects(startHere({ DATA_DIR: dataDir }), refusal)
  await assertUndisturbed()
  first.kill('SIGKILL')
  await first.ended()
})

/** As when the server is killed while it writes its secrets. The next start makes them, without repair. */
async function leaveEmptySecrets(): Promise<void> {
  await chmod(dataDir, 0o711)
  for (const name of SECRETS) await writeFile(join(dataDir, 'secrets', name), '', { mode: 0o600 })
}

test('a server that is stopped while it starts exits with 0 and leaves nothing behind', async t => {
  await waitUntilStopped(dataDir) // the PostgreSQL of the one that was killed
  const { child, ended } = spawnServer(dataDir, QUIET)
  t.after(() => child.kill('SIGKILL'))
  await eventually(
    () => processesUsing(dataDir).length,
    count => count > 0,
    3 * PATIENCE_MS,
  )
  child.kill('SIGTERM')
  const began = performance.now()
  const { code, err } = await ended()
  // On a machine so busy that the rest of the start takes longer, the process gives up.
  assert.ok(code === 0 || performance.now() - began > SHUTDOWN_MS, `${code} ${err}`)
  await waitUntilStopped(dataDir)
  if (code === 0) assert.equal(existsSync(serverFile), false)
})

test('a server that was killed, even while it wrote its secrets, starts again; a signal while it drains ends it at once', async t => {
  await leaveEmptySecrets()
  const server = await startServer(t, dataDir, QUIET)
  assert.equal((await sendRequest(server.url, '/readyz')).status, 200)
  await signIn(server.url, '13800000001')
  for (const name of SECRETS) assert.ok(readFileSync(join(dataDir, 'secrets', name), 'utf8').length >= 32)

  // The first administrator's password is printed once, kept for its owner, and forgotten when another is chosen.
  assert.ok(server.output.out.includes(`\n  admin    admin, password in ${passwordFile}\n`), server.output.out)
  assert.ok(!server.output.out.includes(password))
  assert.ok(
    (await runCli({ DATA_DIR: dataDir, ...QUIET }, ['info'])).out.includes(`\nadmin: /admin, account admin, password in ${passwordFile}\n`),
  )
  const signedIn = await signInAsAdmin(server, 'admin', password)
  assert.equal(signedIn.status, 201)
  const passwords = { old_password: password, password: 'second2password' }
  assert.equal((await send('PUT', server, '/mis/v1_0/password', passwords, signedIn.body.data.token)).status, 201)
  assert.ok(!existsSync(passwordFile))
  assert.equal(await stopTwice(server), 1)
})

test('a server takes commands, and when it is stopped it answers every running request, delayed by no idle socket', async t => {
  const server = await startServer(t, dataDir, { ...QUIET, ADMIN_PASSWORD: 'third3password' })
  assert.doesNotMatch(server.output.out, /admin/, 'the settings make the first administrator, and change none')
  assert.equal((await signInAsAdmin(server, 'admin', 'third3password')).status, 403)
  await useCommandLine(dataDir, server)
  const { code, err, figures } = await stopWhileInUse(t, server)
  t.diagnostic(figures)
  assert.deepEqual([code, err], [0, ''], 'no request was cut short')
  assert.equal(existsSync(serverFile), false)
})

test('a server that is stopped while it waits for a database that does not answer exits with 0 at once', async t => {
  const silent = createServer().listen(0, '127.0.0.1')
  t.after(() => silent.close())
  await new Promise(resolve => silent.once('listening', resolve))
  const { port } = silent.address() as AddressInfo
  const env = { ...QUIET, LOG_LEVEL: 'warn', DATABASE_URL: `postgres://nobody@127.0.0.1:${port}/none` }
  const { child, output, ended } = spawnServer(await createDataFolder(t), env)
  t.after(() => child.kill('SIGKILL'))
  await eventually(
    () => ({ err: output.err, isOver: child.exitCode !== null }),
    now => now.err.includes('waiting for the database') || now.isOver,
    3 * PATIENCE_MS,
  )
  child.kill('SIGTERM')
  const { code, err } = await ended()
  assert.equal(code, 0, err)
  assert.doesNotMatch(err, /does not answer/)
})

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
  const { code, err, out } = await spawnServer(dataDir, wrong).ended()
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
  const { port } = other.address() as AddressInfo
  for (const name of ['PORT', 'GRPC_PORT']) {
    await assert.rejects(startHere({ DATA_DIR: dataDir, [name]: String(port) }), new RegExp(`${port} is taken.*\\b${name}\\b`))
    assert.deepEqual(processesUsing(dataDir), [])
    assert.equal(existsSync(serverFile), false)
  }
})

test('an unusable data folder is reported with the name of its setting and the reason', async t => {
  const folder = await createDataFolder(t)
  await writeFile(`${folder}-file`, '')
  const reasons: Record<string, RegExp> = {
    [`${folder}-file`]: /file is not a folder/,
    [`${folder}-file/below`]: /file is not a folder/,
    // Nothing can be created in /proc, not even by root.
    '/proc/broadsheet': /no folder can be created there|it cannot be written to/,
    '/proc': /no folder can be created there|it cannot be written to/,
  }
  for (const [dataDir, reason] of Object.entries(reasons)) {
    const refused = await startHere({ DATA_DIR: dataDir }).catch(String)
    assert.match(String(refused), /DATA_DIR is /)
    assert.match(String(refused), reason)
  }
})
