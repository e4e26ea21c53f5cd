// The launcher behind the npm scripts: installs missing dependencies, then runs the command with the Node that this project
// pins. Plain JavaScript without dependencies, so that every Node from 18 on can run it.

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { install } from './install.js'
import { run, say, until } from './run.js'

const NODE_MIN = 24 // runs .ts files without a build

const root = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))))
const bin = name => join(root, 'node_modules', '.bin', name)
const exists = path => existsSync(join(root, path))

// The scripts of package.json. `needs: 'small'`: runs without devDependencies. `meanwhile`: begins before those are installed.
const COMMANDS = [
  { name: 'start', needs: 'small', run: (node, args) => script(node, ['src/main.ts', ...args]) },
  { name: 'dev', needs: 'full', run: (node, args) => script(node, ['--watch', 'src/main.ts', '--dev', ...args]) },
  { name: 'cli', needs: 'small', run: (node, args) => script(node, ['src/cli/main.ts', ...args]) },
  { name: 'bench', needs: 'full', run: (node, args) => script(node, ['bench/run.ts', ...args]) },
  { name: 'evaluate', needs: 'full', run: (node, args) => script(node, ['evaluate/run.ts', ...args]) },
  { name: 'test', needs: 'full', meanwhile: installTestEngines, run: tests },
  { name: 'test:cluster', needs: 'full', run: journeysInOtherSettings },
  { name: 'check', needs: 'full', run: check },
  { name: 'proto', needs: 'full', run: (node, args) => run({ root, node, file: bin('buf'), args: ['generate', ...args] }) },
  { name: 'tables', needs: 'full', run: (node, args) => script(node, ['tools/generate-tables.ts', ...args]) },
  { name: 'chaos', needs: 'full', run: chaos },
]

const CHECKS = [
  { name: 'types', file: bin('tsc'), args: [] },
  { name: 'web types', file: bin('tsc'), args: ['-p', 'web'] },
  { name: 'lint', file: bin('oxlint'), args: ['src', 'test', 'bench', 'evaluate', 'bin', 'tools', 'web'] },
  { name: 'format', file: bin('biome'), args: ['ci', ...(process.stderr.isTTY ? [] : ['--colors=off'])] },
  { name: 'generated', args: ['tools/check-generated.ts'], if: 'tools/check-generated.ts' },
]

const script = (node, args) => run({ root, node, args, ipc: true })

// For a test or a hook, not for a file: without it they may wait for ever. The longest takes 24 s on an idle machine.
const LIMIT = '--test-timeout=300000'

async function tests(node, args, engines) {
  // Once for all: each server that a test starts would build it, if it is out of date.
  if (args.every(arg => arg.startsWith('-'))) await script(node, ['src/app/web/build.ts'])
  const code = await engines
  if (code !== 0) return code
  // Each file of test/groups is a process that runs test files until none is left (docs/testing.md). Tests wait for databases and
  // processes as much as they compute, so there are two processes more than cores.
  return nodeTest(node, [LIMIT, ...args], ['test/groups/*.ts'], (availableParallelism?.() ?? cpus().length) + 2)
}

/** A browser and Redis. It needs nothing that npm installs, and not the compile cache, whose folder npm may be removing. */
async function installTestEngines() {
  if (!exists('bin/test-engines.js')) return 0
  return until(spawn(process.execPath, ['bin/test-engines.js'], { cwd: root, stdio: 'inherit' }))
}

/** The chaos scenarios in full size, or only those named (`npm run chaos -- cache`). They kill processes: one file at a time. */
function chaos(node, args) {
  process.env.CHAOS_SIZE = 'full'
  const words = args.map(arg => (exists(`test/chaos/${arg}`) ? `test/chaos/${arg}/*.test.ts` : arg))
  return nodeTest(node, words, ['test/chaos/*/*.test.ts'], 1)
}

/** Runs the journeys in the two other settings of test/support/product.ts. */
async function journeysInOtherSettings(node, args) {
  const folder = mkdtempSync(join(tmpdir(), 'broadsheet-settings-'))
  const lines = []
  let worst = 0
  for (const setting of ['cleared', 'cluster']) {
    process.env.PRODUCT = setting
    const began = Date.now()
    const file = join(folder, setting)
    const reporters = ['--test-reporter-destination=stdout', '--test-reporter=tap', `--test-reporter-destination=${file}`]
    // One file at a time: each has up to six processes.
    const code = await nodeTest(node, [LIMIT, ...reporters, ...args], ['test/journeys/*.test.ts'], 1)
    worst ||= code
    const minutes = Math.ceil((Date.now() - began) / 60_000)
    lines.push(`${setting}: ${code === 0 ? 'passed' : 'failed'} in ${minutes} min, ${summary(file)}`)
    if (code > 128) break // stopped by a signal
  }
  rmSync(folder, { recursive: true, force: true })
  for (const line of lines) say(line)
  return worst
}

/** Counts from the TAP report of a run, and the names of the tests that failed. */
function summary(file) {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const count = name => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
  const failed = [...text.matchAll(/^not ok \d+ - (.*)$/gm)].map(([, name]) => `\n  ${name}`)
  return `${count('pass')} of ${count('tests')} tests passed, ${count('skipped')} were skipped${failed.join('')}`
}

function nodeTest(node, args, everything, concurrency) {
  const options = args.filter(arg => arg.startsWith('-'))
  const files = args.filter(arg => !arg.startsWith('-'))
  // Tests make much garbage that does not last. With 16 MB for what is new, instead of 1, Node collects it in half the time.
  const how = ['--test', '--test-reporter=spec', `--test-concurrency=${concurrency}`, '--min-semi-space-size=16']
  if (exists('test/support/setup.ts')) how.push('--test-global-setup=test/support/setup.ts') // starts one database server for all files
  return script(node, [...how, ...options, ...(files.length > 0 ? files : everything)])
}

async function check(node) {
  const failed = []
  for (const { name, file, args, if: needed } of CHECKS) {
    if (needed && !exists(needed)) continue
    if ((await run({ root, node, file, args })) !== 0) failed.push(name)
  }
  return failed.length === 0 ? 0 : say(`check failed: ${failed.join(', ')}`, 1)
}

/** The pinned Node from node_modules, else the Node that runs the launcher if it is new enough. */
function findNode() {
  const pinned = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node')
  if (existsSync(pinned) && spawnSync(pinned, ['--version']).status === 0) return pinned
  return Number.parseInt(process.versions.node, 10) >= NODE_MIN ? process.execPath : undefined
}

async function main([name, ...args]) {
  const command = COMMANDS.find(each => each.name === name)
  if (!command) return say(`usage: node bin/broadsheet.js ${COMMANDS.map(each => each.name).join('|')} [arguments]`, 2)
  const meanwhile = command.meanwhile?.()
  const installed = await install(root, command.needs)
  if (installed !== 0) return meanwhile?.then(() => installed) ?? installed
  const node = findNode()
  if (!node) return say(`there is no Node ${NODE_MIN} for ${process.platform}-${process.arch} on npm: install it and start again`, 1)
  return command.run(node, args, meanwhile)
}

process.exit(await main(process.argv.slice(2)))
