// Makes sure the dependencies are there. A stamp says which lock file they were installed from, on what platform, and whether
// the tools of development are among them: `npm start` does without those, which saves 240 MB.

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { takeLock } from './lock.js'
import { say, until } from './run.js'

const STAMP = join('node_modules', '.broadsheet-install')

/**
 * @param {string} root the checkout
 * @param {'full' | 'small'} set `small`: without devDependencies. A full set satisfies the small one.
 * @returns {Promise<number>} an exit code
 */
export async function install(root, set) {
  if (isInstalled(root, set)) return 0
  const refused = unwritable(root)
  if (refused) return say(`dependencies are missing or out of date, and ${refused} cannot be written: run npm ci as its owner`, 1)
  const lock = await takeLock(join(root, '.broadsheet-install.lock'), 'waiting for another process that installs dependencies …')
  try {
    if (isInstalled(root, set)) return 0 // by the process we waited for
    say('installing dependencies …')
    const growing = set === 'full' && isInstalled(root, 'small')
    rmSync(join(root, STAMP), { force: true })
    const code = await npm(root, growing, set, lock.note)
    if (code !== 0) return say('installing dependencies failed, see above. Is the npm registry reachable? `npm ping` tells', code)
    writeStamp(root, set)
    return 0
  } finally {
    lock.release()
  }
}

/** Growing leaves alone what is there, for a server may run from it; `npm ci` would begin by deleting everything. */
function npm(root, growing, set, note) {
  const quiet = ['--ignore-scripts', '--loglevel=error', '--no-audit', '--no-fund']
  const what = set === 'full' ? '--include=dev' : '--omit=dev' // said aloud: NODE_ENV=production would leave them out
  const args = [...(growing ? ['install', '--no-save'] : ['ci']), ...quiet, what]
  const { npm_execpath: script = '' } = process.env // set when npm itself started us; another package manager may have
  const [file, ...first] = script.endsWith('npm-cli.js') && existsSync(script) ? [process.execPath, script] : ['npm']
  // Its words go to stderr: stdout belongs to the command that comes after.
  const child = spawn(file, [...first, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
  note(child.pid)
  return until(child)
}

function isInstalled(root, set) {
  const stamp = readJson(join(root, STAMP))
  if (stamp) return stamp.lock === lockHash(root) && stamp.platform === platform() && (stamp.set === 'full' || set === 'small')
  // No stamp: somebody ran `npm ci` by hand, which is as good.
  const adopted = ['full', 'small'].find(each => isComplete(root, each))
  if (!adopted) return false
  try {
    writeStamp(root, adopted)
  } catch {} // read-only: then it is looked at again each time, 10 ms
  return adopted === 'full' || set === 'small'
}

/** Whether npm's own record of what it installed has everything that the lock file asks for. */
function isComplete(root, set) {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages
  const present = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages
  if (!wanted || !present) return false
  return Object.entries(wanted).every(
    ([path, { version, optional, devOptional, dev }]) =>
      path === '' || optional || devOptional || (dev && set === 'small') || present[path]?.version === version,
  )
}

function writeStamp(root, set) {
  mkdirSync(join(root, 'node_modules'), { recursive: true }) // npm makes none for a project without dependencies
  writeFileSync(join(root, STAMP), `${JSON.stringify({ lock: lockHash(root), platform: platform(), set })}\n`)
}

const lockHash = root =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')

const platform = () => `${process.platform}-${process.arch}`

function unwritable(root) {
  return [root, join(root, 'node_modules')].filter(existsSync).find(path => {
    try {
      accessSync(path, constants.W_OK)
      return false
    } catch {
      return true
    }
  })
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
