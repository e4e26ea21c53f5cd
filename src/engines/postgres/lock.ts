// A lock on a folder, held by one process at a time. It is a listening socket, because the kernel closes that when the process
// ends, however it ends: there is no stale lock to judge.

import { once } from 'node:events'
import { rmSync, statSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'

export interface Lock {
  release(): void
}

const ANSWER_TIMEOUT_MS = 1_000 // a stopped process does not answer

/** Undefined while another process holds the lock. */
export async function acquireLock(folder: string): Promise<Lock | undefined> {
  const path = socketPath(folder)
  const lock = await listen(path)
  if (lock || path.startsWith('\0')) return lock
  // A socket that is a file outlives its process. If no process answers on it, it is removed.
  if (await readHolder(path)) return undefined
  rmSync(path, { force: true })
  return listen(path)
}

/** The pid of the process that holds the lock, for error messages; "unknown" if it does not answer. */
export async function findLockHolder(folder: string): Promise<string> {
  return (await readHolder(socketPath(folder))) ?? 'unknown'
}

async function readHolder(path: string): Promise<string | undefined> {
  const socket = connect(path).setEncoding('utf8')
  socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy())
  let answer = ''
  socket.on('data', (chunk: string) => {
    answer += chunk
  })
  try {
    await once(socket, 'close')
  } catch {
    return undefined
  }
  return answer || 'unknown'
}

// Named by device and inode, so that two paths to one folder have one lock. Linux has sockets without a file.
function socketPath(folder: string): string {
  if (process.platform !== 'linux') return join(folder, '.claim')
  const { dev, ino } = statSync(folder, { bigint: true })
  return `\0broadsheet-${dev}-${ino}`
}

async function listen(path: string): Promise<Lock | undefined> {
  const server = createServer(socket => socket.on('error', () => {}).end(String(process.pid)))
  server.unref()
  try {
    server.listen(path)
    await once(server, 'listening')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined
    throw error
  }
  return { release: () => server.close() }
}
