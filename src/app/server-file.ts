// Where the server of a data folder can be found, for the CLI and for people.

import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface ServerFile {
  pid: number
  url: string
  grpc: string | null
}

export async function writeServerFile(dataDir: string, presence: ServerFile): Promise<{ close(): Promise<void> }> {
  const file = join(dataDir, 'server.json')
  await writeFile(file, `${JSON.stringify(presence)}\n`)
  return {
    async close() {
      // Of several processes on one folder, only the one it tells of takes it away.
      if ((await findRunningServer(dataDir))?.pid === presence.pid) await rm(file, { force: true })
    },
  }
}

/** Undefined when no server runs; one that was killed left its file, but not its process. */
export async function findRunningServer(dataDir: string): Promise<ServerFile | undefined> {
  try {
    const presence = JSON.parse(await readFile(join(dataDir, 'server.json'), 'utf8')) as ServerFile
    process.kill(presence.pid, 0)
    return presence
  } catch (err) {
    return (err as NodeJS.ErrnoException).code === 'EPERM' ? JSON.parse(await readFile(join(dataDir, 'server.json'), 'utf8')) : undefined
  }
}
