// One process at a time may install. The lock is a file that names its holder, for it must work on every Node from 18 on.

import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { say } from './run.js'

const HEARTBEAT_MS = 2_000
const SILENT_MS = 120_000 // sixty heartbeats: whoever has the holder's number by now is somebody else

/** Waits for the lock. `note` adds a process that must also be gone before the lock counts as left behind. */
export async function takeLock(path, waiting) {
  const mine = { id: randomUUID(), host: hostname(), pids: [process.pid] }
  let said = false
  while (!create(path, mine)) {
    const seen = read(path)
    if (seen !== undefined && isLeft(path, seen)) setAside(path, seen)
    else {
      if (!said) say(waiting)
      said = true
      await sleep(200) // an install takes seconds
    }
  }
  const beat = setInterval(() => touch(path), HEARTBEAT_MS)
  beat.unref()
  return {
    note(pid) {
      mine.pids.push(pid)
      writeFileSync(path, JSON.stringify(mine))
    },
    release() {
      clearInterval(beat)
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

function isLeft(path, text) {
  try {
    if (Date.now() - statSync(path).mtimeMs > SILENT_MS) return true
    const { host, pids } = JSON.parse(text)
    return host === hostname() && !pids.some(isLive)
  } catch {
    return false // just being written, or gone: the next look tells
  }
}

// Between reading and renaming somebody may have set the old one aside and taken the lock: what we hold then is put back.
function setAside(path, seen) {
  const aside = `${path}.${process.pid}`
  try {
    renameSync(path, aside)
    if (read(aside) !== seen) linkSync(aside, path)
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error
  }
  rmSync(aside, { force: true })
}

function isLive(pid) {
  if (pid === process.pid) return false // a restarted container counts its processes anew
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
  } catch {} // gone with the checkout
}
