import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(import.meta.resolve('../../bin'))

/** A checkout with our launcher, nothing to install from the network, and `main` as the product. */
function checkout(t: TestContext, main: string): string {
  const root = mkdtempSync(join(tmpdir(), 'broadsheet-launcher-'))
  t.after(() => {
    spawnSync('chmod', ['-R', 'u+w', root]) // a test may have closed it, and only root removes what is closed
    rmSync(root, { recursive: true, force: true })
  })
  chmodSync(root, 0o755)
  const itself = { name: 'fixture', version: '1.0.0', type: 'module' }
  const locked = { ...itself, lockfileVersion: 3, requires: true, packages: { '': itself } }
  cpSync(BIN, join(root, 'bin'), { recursive: true })
  rmSync(join(root, 'bin', 'test-engines.js'), { force: true }) // it needs the product, which is not here
  mkdirSync(join(root, 'src'))
  writeFileSync(join(root, 'package.json'), JSON.stringify(itself))
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(locked))
  writeFileSync(join(root, 'src', 'main.ts'), main)
  return root
}

const lockOf = (root: string): string => join(root, '.broadsheet-install.lock')

function launch(root: string, words: string[], before: string[] = []) {
  const [file = '', ...args] = [...before, process.execPath, join(root, 'bin', 'broadsheet.js'), ...words]
  // Without npm's own variables and those of the test runner around us; stdin is closed, as under a service manager.
  const env = { PATH: process.env.PATH, HOME: process.env.HOME }
  const child = spawn(file, args, { cwd: tmpdir(), env, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    said.out += piece
  })
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    said.err += piece
  })
  const ended = once(child, 'close').then(([code]) => ({ ...said, code: code as number | null }))
  const speaks = (stream: 'stdout' | 'stderr') => Promise.race([once(child[stream], 'data'), ended])
  return { child, ended, speaks }
}

const installs = (words: string): number => words.split('installing dependencies …').length - 1

test('the first start installs, later ones do not, and stdout belongs to the product alone', async t => {
  const root = checkout(t, 'console.log(process.argv.slice(2).join())')
  const first = await launch(root, ['start', 'a', '-b']).ended
  assert.deepEqual([first.code, first.out, installs(first.err)], [0, 'a,-b\n', 1])
  const second = await launch(root, ['start']).ended
  assert.deepEqual([second.code, second.out, second.err], [0, '\n', ''])
  writeFileSync(join(root, 'package-lock.json'), '\n', { flag: 'a' })
  assert.equal(installs((await launch(root, ['start']).ended).err), 1) // another lock file
})

test('a start installs what running needs, the tests complete it, and that serves both', async t => {
  const root = checkout(t, '')
  writeFileSync(join(root, 'src', 'some.test.ts'), "import { test } from 'node:test'\ntest('nothing', () => {})\n")
  assert.equal(installs((await launch(root, ['start']).ended).err), 1)
  const tested = await launch(root, ['test', 'src/some.test.ts']).ended
  assert.deepEqual([tested.code, installs(tested.err)], [0, 1])
  assert.match(tested.out, /tests 1\n/)
  assert.equal(installs((await launch(root, ['start']).ended).err), 0)
  assert.equal(installs((await launch(root, ['test', 'src/some.test.ts']).ended).err), 0)
})

test('two first starts at the same moment install once', async t => {
  const root = checkout(t, "console.log('up')")
  const both = await Promise.all([launch(root, ['start']).ended, launch(root, ['start']).ended])
  assert.deepEqual(
    both.map(each => [each.code, each.out]),
    [
      [0, 'up\n'],
      [0, 'up\n'],
    ],
  )
  assert.equal(installs(both.map(each => each.err).join('')), 1)
  assert.equal(existsSync(lockOf(root)), false)
})

test('an install that is still under way is waited for, one that was killed is not', async t => {
  const root = checkout(t, '')
  const ended = spawnSync('true').pid
  writeFileSync(lockOf(root), JSON.stringify({ id: 'left', host: hostname(), pids: [ended] }))
  assert.equal((await launch(root, ['start']).ended).code, 0)

  rmSync(join(root, 'node_modules'), { recursive: true, force: true })
  const living = spawn('sleep', ['60'])
  t.after(() => living.kill())
  writeFileSync(lockOf(root), JSON.stringify({ id: 'held', host: hostname(), pids: [ended, living.pid] }))
  const { speaks, ended: waiting } = launch(root, ['start'])
  await speaks('stderr')
  living.kill()
  const { code, err } = await waiting
  assert.equal(code, 0)
  assert.match(err, /waiting for another process/)
})

test('a failed install says so and starts nothing', async t => {
  const root = checkout(t, "console.log('up')")
  writeFileSync(join(root, 'package-lock.json'), 'cut off by a full dis')
  const { code, out, err } = await launch(root, ['start']).ended
  assert.notEqual(code, 0)
  assert.equal(out, '')
  assert.match(err, /installing dependencies failed/)
})

test('a signal reaches the product, and its exit code comes back', async t => {
  const obeys = "process.on('SIGTERM', () => process.exit(7)); setTimeout(() => {}, 5_000); console.log('up')"
  const { child, ended, speaks } = launch(checkout(t, obeys), ['start'])
  await speaks('stdout')
  child.kill('SIGTERM')
  assert.equal((await ended).code, 7)

  const dies = "setTimeout(() => {}, 5_000); console.log('up')"
  const other = launch(checkout(t, dies), ['start'])
  await other.speaks('stdout')
  other.child.kill('SIGTERM')
  assert.equal((await other.ended).code, 128 + 15)
})

test('the product sees when the launcher is killed', async t => {
  const main = "process.once('disconnect', () => { console.log('alone'); process.exit() }); setTimeout(() => {}, 5_000); console.log('up')"
  const { child, ended, speaks } = launch(checkout(t, main), ['start'])
  await speaks('stdout')
  child.kill('SIGKILL')
  assert.equal((await ended).out, 'up\nalone\n')
})

test('a complete checkout that cannot be written starts', async t => {
  const root = checkout(t, "console.log('up', process.env.NODE_COMPILE_CACHE)")
  assert.equal((await launch(root, ['start']).ended).code, 0)
  spawnSync('chmod', ['-R', 'a-w,a+rX', root])
  const stranger = process.getuid?.() === 0 ? ['setpriv', '--reuid=12345', '--regid=12345', '--clear-groups'] : []
  if (spawnSync('env', [...stranger, process.execPath, '--version']).status !== 0) return t.skip('this Node is closed to other users')
  const { code, out } = await launch(root, ['start'], stranger).ended
  assert.deepEqual([code, out], [0, 'up undefined\n'])
})

test('an unknown word is refused with the known ones', async t => {
  const { code, err } = await launch(checkout(t, ''), ['fly']).ended
  assert.equal(code, 2)
  assert.match(err, /usage: .*start\|dev\|cli/)
})
