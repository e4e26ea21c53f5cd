// The command line beside a running server, as its operator uses it.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { parseCliOutput, runCli } from '../support/cli.ts'
import { postgresUrl } from '../support/data-folder-processes.ts'
import { PROCESS_ENV, QUIET, type ServerProcess } from '../support/server-process.ts'
import { PATIENCE_MS } from '../support/waiting.ts'

const ROOT = join(import.meta.dirname, '..', '..')

/** In a process of its own. */
async function cli(dataDir: string, words: string[], stdin: string) {
  const child = spawn(process.execPath, ['src/cli/main.ts', ...words], {
    cwd: ROOT,
    env: { ...PROCESS_ENV, DATA_DIR: dataDir, ...QUIET },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
  })
  child.stdin.end(stdin)
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', piece => (said.out += piece))
  child.stderr.setEncoding('utf8').on('data', piece => (said.err += piece))
  const code = await new Promise<number | null>(resolve => child.on('close', resolve))
  return parseCliOutput(words, { code, ...said })
}

export async function send(method: 'POST' | 'PUT', { url }: ServerProcess, path: string, json: unknown, token = '') {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }
  const answer = await fetch(url + path, { method, headers, body: JSON.stringify(json) })
  return { status: answer.status, body: (await answer.json()) as { data: Record<string, string> } }
}

export const signInAsAdmin = (server: ServerProcess, account: string, password = '') =>
  send('POST', server, '/mis/v1_0/authorizations', { account, password })

export async function useCommandLine(dataDir: string, server: ServerProcess): Promise<void> {
  const within = (...words: string[]) => runCli({ DATABASE_URL: postgresUrl(dataDir), DATA_DIR: dataDir }, words)
  const [made, ran, moved] = await Promise.all([
    cli(dataDir, ['admin', 'create', 'bobby', '--password-stdin', '--json'], 'bobbys1password\n'),
    within('jobs', 'run', 'drop-sessions', '--wait', '--json'),
    within('jobs', 'reschedule', 'drop-changes', 'every 200ms', '--json'),
  ])
  assert.deepEqual([made.code, made.json.account], [0, 'bobby'])
  assert.equal((await signInAsAdmin(server, 'bobby', 'bobbys1password')).status, 201)
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
  assert.equal((await signInAsAdmin(server, 'carol', told)).status, 201)
  assert.deepEqual([facts.code, facts.out.includes(`url: ${server.url}\n`)], [0, true])
  assert.match(facts.out, /^admin: \/admin, with an account and its password/m)
  const listed = await fetch(`${server.url}/v1/admin/jobs`, { headers: { authorization: `Bearer ${token.json.token}` } })
  assert.equal(listed.status, 200)
  assert.ok(history.json.runs.length >= 2, 'the running server has heard of it')
  assert.deepEqual([again.code, again.err], [1, 'bobby already exists\n'])
}
