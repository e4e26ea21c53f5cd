// Runs a child process in place of the launcher: it gets our terminal and our signals, and we exit with its code.

import { spawn } from 'node:child_process'
import { accessSync, constants, mkdirSync } from 'node:fs'
import { constants as os } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Writes to stderr: stdout is for the command. Returns `code`, the exit code. */
export function say(message, code = 0) {
  process.stderr.write(`broadsheet: ${message}\n`)
  return code
}

/** Runs a program with this project's Node and binaries on its PATH. Resolves with the exit code. */
export function run({ root, node, file = node, args, ipc = false }) {
  // The PATH is for programs started by name: `env node`, a plugin of buf.
  const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
  const env = { ...process.env, PATH: path, INIT_CWD: process.env.INIT_CWD ?? process.cwd(), ...compileCache(root) }
  // The IPC channel carries no messages. It closes when we die, even by kill -9, and the child notices.
  return until(spawn(file, args, { cwd: root, env, stdio: ['inherit', 'inherit', 'inherit', ...(ipc ? ['ipc'] : [])] }))
}

/** Forwards signals until the child ends. Resolves with its exit code, or 128 + n if signal n ended it, as in shells. */
export function until(child) {
  const forward = signal => child.kill(signal)
  for (const signal of FORWARDED) process.on(signal, forward)
  const stopWatching = process.env.npm_lifecycle_event ? onParentGone(() => forward('SIGTERM')) : () => {}
  return new Promise(resolve => {
    child.once('error', error => resolve(say(`cannot run ${child.spawnfile}: ${error.message}`, 127))) // 127: as in shells
    child.once('exit', (code, signal) => resolve(signal ? 128 + os.signals[signal] : code))
  }).finally(() => {
    stopWatching()
    for (const signal of FORWARDED) process.off(signal, forward)
  })
}

/** When npm is stopped it may not forward the signal. Our parent then changes, and we stop too. */
function onParentGone(gone) {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    gone()
  }, 300) // short, because the port stays in use until then
  return () => clearInterval(timer)
}

/** Node keeps compiled code between starts, which saves a fifth of the import time. */
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
