// One process at a time may start and stop PostgreSQL on a data directory. It says so with a listening socket, because the
// kernel drops that at the very moment the process ends, however it ends: there is no stale claim to judge.

import { once } from 'node:events'
import { rmSync, statSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'

export interface Lock {
  release(): void
}

/** The claim on `home`, or undefined while another process has it. */
export async function acquireLock(home: string): Promise<Lock | undefined> {
  const path = socketPath(home)
  const taken = await listen(path)
  if (taken || path.startsWith('\0')) return taken
  // A socket with a name in the file system survives its process. Nobody behind it: it may go.
  if (await readHolder(path)) return undefined
  rmSync(path, { force: true })
  return listen(path)
}

/** The pid of the process that has the claim, for people to read. */
export async function findLockHolder(home: string): Promise<string> {
  return (await readHolder(socketPath(home))) ?? 'unknown'
}

async function readHolder(path: string): Promise<string | undefined> {
  const socket = connect(path).setEncoding('utf8')
  socket.setTimeout(1000, () => socket.destroy()) // a stopped process does not answer
  let said = ''
  socket.on('data', (piece: string) => {
    said += piece
  })
  try {
    await once(socket, 'close')
  } catch {
    return undefined
  }
  return said || 'unknown'
}

// By device and inode, so that two paths to one directory meet. Linux has sockets that need no file.
function socketPath(home: string): string {
  if (process.platform !== 'linux') return join(home, '.claim')
  const { dev, ino } = statSync(home, { bigint: true })
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
