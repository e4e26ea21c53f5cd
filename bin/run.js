// Running a child as if it were ourselves: its terminal is ours, our signals are its, its exit code is ours.

import { spawn } from 'node:child_process'
import { accessSync, constants, mkdirSync } from 'node:fs'
import { constants as os } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Stdout belongs to the command; the launcher speaks on stderr only. Returns `code`, to leave with it. */
export function say(words, code = 0) {
  process.stderr.write(`broadsheet: ${words}\n`)
  return code
}

/** Runs a program of this project and resolves with its exit code. */
export function run({ root, node, file = node, args, ipc = false }) {
  // Programs that other programs start by name (`env node`, a plugin of buf) are those of this project as well.
  const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
  const env = { ...process.env, PATH: path, INIT_CWD: process.env.INIT_CWD ?? process.cwd(), ...compileCache(root) }
  // The channel carries nothing: the child sees it close when we die, even by kill -9.
  return until(spawn(file, args, { cwd: root, env, stdio: ['inherit', 'inherit', 'inherit', ...(ipc ? ['ipc'] : [])] }))
}

/** Forwards signals until the child ends. Ended by signal n: 128 + n, as shells count. */
export function until(child) {
  const forward = signal => child.kill(signal)
  for (const signal of FORWARDED) process.on(signal, forward)
  const stopWatching = process.env.npm_lifecycle_event ? onParentGone(() => forward('SIGTERM')) : () => {}
  return new Promise(resolve => {
    child.once('error', error => resolve(say(`cannot run ${child.spawnfile}: ${error.message}`, 127))) // 127: as shells say it
    child.once('exit', (code, signal) => resolve(signal ? 128 + os.signals[signal] : code))
  }).finally(() => {
    stopWatching()
    for (const signal of FORWARDED) process.off(signal, forward)
  })
}

/** npm that is told to end may leave us behind without a word: whoever stopped it meant us. */
function onParentGone(gone) {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    gone()
  }, 300) // soon enough for whoever stopped npm and waits for the port
  return () => clearInterval(timer)
}

/** Compiled code is kept between starts, which saves a fifth of the time to import everything. */
function compileCache(root) {
  const folder = join(root, 'node_modules', '.cache', 'compile')
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
    return { NODE_COMPILE_CACHE: folder }
  } catch {
    return {} // a read-only checkout, or another user's
  }
}
