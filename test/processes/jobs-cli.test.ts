// Administrators and jobs as an operator meets them: the first start of a server, and the command line beside it.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseCliOutput, runCli as withinCli } from '../support/cli.ts'
import { postgresUrl } from '../support/data-folder-processes.ts'
import { copyDataFolder, PROCESS_ENV, type ServerProcess, startServer } from '../support/server-process.ts'

const QUIET = { LOG_LEVEL: 'silent' }
const ROOT = join(import.meta.dirname, '..', '..')

/** As an operator starts it. */
async function cli(dataDir: string, words: string[], stdin?: string) {
  const child = spawn(process.execPath, ['src/cli/main.ts', ...words], {
    cwd: ROOT,
    env: { ...PROCESS_ENV, DATA_DIR: dataDir, ...QUIET },
    stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
  child.stdin?.end(stdin)
  const said = { out: '', err: '' }
  child.stdout?.setEncoding('utf8').on('data', piece => (said.out += piece))
  child.stderr?.setEncoding('utf8').on('data', piece => (said.err += piece))
  const code = await new Promise<number | null>(resolve => child.on('close', resolve))
  return parseCliOutput(words, { code, ...said })
}

async function send(method: 'POST' | 'PUT', server: ServerProcess, path: string, json: unknown, token = '') {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }
  const answer = await fetch(server.url + path, { method, headers, body: JSON.stringify(json) })
  return { status: answer.status, body: (await answer.json()) as { data: Record<string, string> } }
}

test('the first administrator is printed once, kept for its owner, and forgotten when another password is chosen', async t => {
  const dataDir = await copyDataFolder(t)
  const file = join(dataDir, 'secrets', 'admin-password')
  const first = await startServer(t, dataDir, QUIET)
  const password = /\n {2}admin {4}admin, password (\S+)\n/.exec(first.output.out)?.[1] as string
  assert.ok(password, first.output.out)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.equal(readFileSync(file, 'utf8'), `admin ${password}\n`)
  first.kill('SIGKILL')
  await first.ended

  const second = await startServer(t, dataDir, QUIET)
  assert.ok(second.output.out.includes(`\n  admin    admin, password in ${file}\n`), second.output.out)
  assert.ok(!second.output.out.includes(password))
  assert.ok((await withinCli({ DATA_DIR: dataDir }, ['info'])).out.includes(`\nadmin: /admin, account admin, password in ${file}\n`))
  const signedIn = await send('POST', second, '/mis/v1_0/authorizations', { account: 'admin', password })
  assert.equal(signedIn.status, 201)
  const passwords = { old_password: password, password: 'second2password' }
  const changed = await send('PUT', second, '/mis/v1_0/password', passwords, signedIn.body.data.token)
  assert.equal(changed.status, 201)
  assert.ok(!existsSync(file))
  second.kill('SIGTERM')
  await second.ended

  const third = await startServer(t, dataDir, { ...QUIET, ADMIN_PASSWORD: 'third3password' })
  assert.doesNotMatch(third.output.out, /admin/, 'the settings make the first administrator, and change none')
  assert.equal((await send('POST', third, '/mis/v1_0/authorizations', { account: 'admin', password: 'third3password' })).status, 403)
  await commandLine(dataDir, third)
  third.kill('SIGTERM')
  assert.equal((await third.ended).code, 0)
})

async function commandLine(dataDir: string, server: ServerProcess): Promise<void> {
  const within = (...words: string[]) => withinCli({ DATABASE_URL: postgresUrl(dataDir), DATA_DIR: dataDir }, words)
  const [made, ran, moved] = await Promise.all([
    cli(dataDir, ['admin', 'create', 'bobby', '--password-stdin', '--json'], 'bobbys1password\n'),
    cli(dataDir, ['jobs', 'run', 'drop-sessions', '--wait', '--json']),
    within('jobs', 'reschedule', 'drop-changes', 'every 200ms', '--json'),
  ])
  assert.deepEqual([made.code, made.json.account], [0, 'bobby'])
  assert.equal((await send('POST', server, '/mis/v1_0/authorizations', { account: 'bobby', password: 'bobbys1password' })).status, 201)
  assert.deepEqual([ran.code, ran.json.outcome, ran.json.report], [0, 'done', { dropped: 0 }])
  assert.deepEqual([moved.code, moved.json.schedule], [0, 'every 200ms'])
  const carol = await within('admin', 'create', 'carol') // alone: a process that hashes slowly takes few passwords at once
  const [token, history, again, facts] = await Promise.all([
    within('token', '--account', 'bobby', '--kind', 'admin', '--json'),
    within('jobs', 'history', 'drop-changes', '--json'),
    within('admin', 'create', 'bobby', '--json'),
    within('info'),
  ])
  // In words, for people: a generated password is told once.
  const told = /^password: (\S+)$/m.exec(carol.out)?.[1]
  assert.deepEqual([carol.code, carol.err], [0, ''])
  assert.equal((await send('POST', server, '/mis/v1_0/authorizations', { account: 'carol', password: told })).status, 201)
  assert.deepEqual([facts.code, facts.out.includes(`url: ${server.url}\n`)], [0, true])
  assert.match(facts.out, /^admin: \/admin, with an account and its password/m)
  const listed = await fetch(`${server.url}/v1/admin/jobs`, { headers: { authorization: `Bearer ${token.json.token}` } })
  assert.equal(listed.status, 200)
  assert.ok(history.json.runs.length >= 2, 'the running server has heard of it')
  assert.deepEqual([again.code, again.err], [1, 'bobby already exists\n'])
}
