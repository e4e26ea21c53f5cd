// Installs the dependencies if they are missing or out of date. A stamp file records the lock file and the platform they were
// installed for, and whether devDependencies are included: `npm start` runs without those, which saves 240 MB.

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { acquireLock } from './lock.js'
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
  const lock = await acquireLock(join(root, '.broadsheet-install.lock'), 'waiting for another process that installs dependencies …')
  try {
    if (isInstalled(root, set)) return 0 // the process we waited for has installed them
    say('installing dependencies …')
    const adding = set === 'full' && isInstalled(root, 'small')
    rmSync(join(root, STAMP), { force: true })
    const code = await npm(root, adding, set, lock.addPid)
    if (code !== 0) return say('installing dependencies failed, see above. Is the npm registry reachable? Try `npm ping`', code)
    writeStamp(root, set)
    return 0
  } finally {
    lock.release()
  }
}

/** `adding`: install devDependencies next to the rest, because a server may be running from it; `npm ci` would delete it. */
function npm(root, adding, set, onStart) {
  const quiet = ['--ignore-scripts', '--loglevel=error', '--no-audit', '--no-fund']
  const what = set === 'full' ? '--include=dev' : '--omit=dev' // explicit: with NODE_ENV=production npm omits them
  const args = [...(adding ? ['install', '--no-save'] : ['ci']), ...quiet, what]
  const { npm_execpath: script = '' } = process.env // set by npm, or by another package manager, that started us
  const [file, ...first] = script.endsWith('npm-cli.js') && existsSync(script) ? [process.execPath, script] : ['npm']
  // npm's output goes to stderr: stdout is for the command that runs next.
  const child = spawn(file, [...first, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
  onStart(child.pid)
  return until(child)
}

function isInstalled(root, set) {
  const stamp = readJson(join(root, STAMP))
  if (stamp) return stamp.lock === lockHash(root) && stamp.platform === platform() && (stamp.set === 'full' || set === 'small')
  // No stamp: `npm ci` was run by hand.
  const found = ['full', 'small'].find(each => isComplete(root, each))
  if (!found) return false
  try {
    writeStamp(root, found)
  } catch {} // a read-only checkout: the check is repeated each time, 10 ms
  return found === 'full' || set === 'small'
}

/** Compares npm's record of installed packages with the lock file. */
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
  mkdirSync(join(root, 'node_modules'), { recursive: true }) // npm creates none if there are no dependencies
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
