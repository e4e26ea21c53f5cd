// A lock file, so that one process at a time installs dependencies. It contains its holder's pids and is touched regularly.

import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { say } from './run.js'

const HEARTBEAT_MS = 2_000
const STALE_MS = 120_000 // sixty heartbeats: the holder is gone, even if its pid is in use again

/** Waits for the lock. `addPid` adds a process that must also have ended before the lock counts as stale. */
export async function acquireLock(path, waitingMessage) {
  const mine = { id: randomUUID(), host: hostname(), pids: [process.pid] }
  let said = false
  while (!create(path, mine)) {
    const seen = read(path)
    if (seen !== undefined && isStale(path, seen)) removeStale(path, seen)
    else {
      if (!said) say(waitingMessage)
      said = true
      await sleep(200) // an installation takes seconds
    }
  }
  const heartbeat = setInterval(() => touch(path), HEARTBEAT_MS)
  heartbeat.unref()
  return {
    addPid(pid) {
      mine.pids.push(pid)
      writeFileSync(path, JSON.stringify(mine))
    },
    release() {
      clearInterval(heartbeat)
      if (read(path)?.includes(mine.id)) rmSync(path, { force: true })
    },
  }
}

function create(path, holder) {
  try {
    writeFileSync(path, JSON.stringify(holder), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function isStale(path, text) {
  try {
    if (Date.now() - statSync(path).mtimeMs > STALE_MS) return true
    const { host, pids } = JSON.parse(text)
    return host === hostname() && !pids.some(isLive)
  } catch {
    return false // being written, or gone: the caller tries again
  }
}

// Another process may replace the stale lock between our read and our rename. Then we renamed a valid lock and put it back.
function removeStale(path, seen) {
  const moved = `${path}.${process.pid}`
  try {
    renameSync(path, moved)
    if (read(moved) !== seen) linkSync(moved, path)
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error
  }
  rmSync(moved, { force: true })
}

function isLive(pid) {
  if (pid === process.pid) return false // in a restarted container our pid may be the old holder's
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function touch(path) {
  try {
    utimesSync(path, new Date(), new Date())
  } catch {} // the checkout was deleted
}
