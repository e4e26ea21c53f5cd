import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { PATIENCE_MS, within } from '../support/waiting.ts'

const BIN = fileURLToPath(import.meta.resolve('../../bin'))

/** A checkout with our launcher, no dependencies, and `main` as the source of the product. */
function createCheckout(t: { after(step: () => void): void }, main: string): string {
  const root = mkdtempSync(join(tmpdir(), 'broadsheet-launcher-'))
  t.after(() => {
    spawnSync('chmod', ['-R', 'u+w', root]) // a test may have made it read-only
    rmSync(root, { recursive: true, force: true })
  })
  chmodSync(root, 0o755)
  const manifest = { name: 'fixture', version: '1.0.0', type: 'module' }
  const lockFile = { ...manifest, lockfileVersion: 3, requires: true, packages: { '': manifest } }
  cpSync(BIN, join(root, 'bin'), { recursive: true })
  rmSync(join(root, 'bin', 'test-engines.js'), { force: true }) // it would install programs
  mkdirSync(join(root, 'src'))
  writeFileSync(join(root, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lockFile))
  writeFileSync(join(root, 'src', 'main.ts'), main)
  return root
}

const installLock = (root: string): string => join(root, '.broadsheet-install.lock')

function launch(root: string, words: string[], before: string[] = []) {
  const [file = '', ...args] = [...before, process.execPath, join(root, 'bin', 'broadsheet.js'), ...words]
  // Without the variables of npm and of the test runner. Stdin is closed, as under a service manager.
  const env = { PATH: process.env.PATH, HOME: process.env.HOME }
  const child = spawn(file, args, { cwd: tmpdir(), env, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    output.out += piece
  })
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    output.err += piece
  })
  const closed = once(child, 'close').then(([code]) => ({ ...output, code: code as number | null }))
  const ended = within(closed, `${words.join(' ')} ends`, 3 * PATIENCE_MS).catch(err => {
    child.kill('SIGKILL')
    throw new Error(`${err.message}\n${output.out}${output.err}`)
  })
  const waitForOutput = (stream: 'stdout' | 'stderr') => Promise.race([once(child[stream], 'data'), ended])
  return { child, ended, waitForOutput }
}

const countInstalls = (output: string): number => output.split('installing dependencies …').length - 1

/** Its dependencies are installed by the first test. */
const root = createCheckout({ after }, 'console.log(process.argv.slice(2).join())')

test('a start installs what it needs, the tests add the rest, later ones install nothing, and only the product writes to stdout', async () => {
  writeFileSync(join(root, 'src', 'some.test.ts'), "import { test } from 'node:test'\ntest('nothing', () => {})\n")
  const first = await launch(root, ['start', 'a', '-b']).ended
  assert.deepEqual([first.code, first.out, countInstalls(first.err)], [0, 'a,-b\n', 1])
  const second = await launch(root, ['start']).ended
  assert.deepEqual([second.code, second.out, second.err], [0, '\n', ''])
  const tested = await launch(root, ['test', 'src/some.test.ts']).ended
  assert.deepEqual([tested.code, countInstalls(tested.err)], [0, 1])
  assert.match(tested.out, /tests 1\n/)
  assert.equal(countInstalls((await launch(root, ['start']).ended).err), 0)
  assert.equal(countInstalls((await launch(root, ['test', 'src/some.test.ts']).ended).err), 0)
  writeFileSync(join(root, 'package-lock.json'), '\n', { flag: 'a' })
  assert.equal(countInstalls((await launch(root, ['start']).ended).err), 1) // another lock file
})

test('two first starts at the same moment install once', async t => {
  const root = createCheckout(t, "console.log('up')")
  const both = await Promise.all([launch(root, ['start']).ended, launch(root, ['start']).ended])
  assert.deepEqual(
    both.map(each => [each.code, each.out]),
    [
      [0, 'up\n'],
      [0, 'up\n'],
    ],
  )
  assert.equal(countInstalls(both.map(each => each.err).join('')), 1)
  assert.equal(existsSync(installLock(root)), false)
})

test('a start waits for an install that is running, but not for one that was killed', async t => {
  const root = createCheckout(t, '')
  const ended = spawnSync('true').pid
  writeFileSync(installLock(root), JSON.stringify({ id: 'left', host: hostname(), pids: [ended] }))
  assert.equal((await launch(root, ['start']).ended).code, 0)

  rmSync(join(root, 'node_modules'), { recursive: true, force: true })
  const living = spawn('sleep', ['60'])
  t.after(() => living.kill())
  writeFileSync(installLock(root), JSON.stringify({ id: 'held', host: hostname(), pids: [ended, living.pid] }))
  const { waitForOutput, ended: waiting } = launch(root, ['start'])
  await waitForOutput('stderr')
  living.kill()
  const { code, err } = await waiting
  assert.equal(code, 0)
  assert.match(err, /waiting for another process/)
})

test('a failed install is reported, and nothing is started', async t => {
  const root = createCheckout(t, "console.log('up')")
  writeFileSync(join(root, 'package-lock.json'), 'cut off by a full dis')
  const { code, out, err } = await launch(root, ['start']).ended
  assert.notEqual(code, 0)
  assert.equal(out, '')
  assert.match(err, /installing dependencies failed/)
})

test('a signal reaches the product, and the launcher returns its exit code; the product notices when the launcher is killed', async () => {
  async function start(main: string) {
    writeFileSync(join(root, 'src', 'main.ts'), `${main}; setTimeout(() => {}, 60_000); console.log('up')`)
    const launched = launch(root, ['start'])
    await launched.waitForOutput('stdout')
    return launched
  }
  const obeying = await start("process.on('SIGTERM', () => process.exit(7))")
  obeying.child.kill('SIGTERM')
  assert.equal((await obeying.ended).code, 7)

  const dying = await start('')
  dying.child.kill('SIGTERM')
  assert.equal((await dying.ended).code, 128 + 15)

  const deserted = await start("process.once('disconnect', () => { console.log('alone'); process.exit() })")
  deserted.child.kill('SIGKILL')
  assert.equal((await deserted.ended).out, 'up\nalone\n')
})

test('a complete checkout that is read-only starts', async t => {
  writeFileSync(join(root, 'src', 'main.ts'), "console.log('up', process.env.NODE_COMPILE_CACHE)")
  assert.equal((await launch(root, ['start']).ended).code, 0)
  spawnSync('chmod', ['-R', 'a-w,a+rX', root])
  const otherUser = process.getuid?.() === 0 ? ['setpriv', '--reuid=12345', '--regid=12345', '--clear-groups'] : []
  if (spawnSync('env', [...otherUser, process.execPath, '--version']).status !== 0) return t.skip('this Node is closed to other users')
  const { code, out } = await launch(root, ['start'], otherUser).ended
  assert.deepEqual([code, out], [0, 'up undefined\n'])
})

test('an unknown command is refused with a list of the known ones', async () => {
  const { code, err } = await launch(root, ['fly']).ended
  assert.equal(code, 2)
  assert.match(err, /usage: .*start\|dev\|cli/)
})
