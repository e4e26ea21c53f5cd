// DATA_DIR/server.json: the pid and the addresses of the running server, for the command line and for operators.

import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface ServerFile {
  pid: number
  url: string
  grpc: string | null
}

export async function writeServerFile(dataDir: string, content: ServerFile): Promise<{ close(): Promise<void> }> {
  const file = join(dataDir, 'server.json')
  await writeFile(file, `${JSON.stringify(content)}\n`)
  return {
    async close() {
      // Several processes may share the folder; the file names the last one.
      if ((await findRunningServer(dataDir))?.pid === content.pid) await rm(file, { force: true })
    },
  }
}

/** Undefined when no server runs. A killed server leaves its file, but its process is gone. */
export async function findRunningServer(dataDir: string): Promise<ServerFile | undefined> {
  try {
    const content = JSON.parse(await readFile(join(dataDir, 'server.json'), 'utf8')) as ServerFile
    process.kill(content.pid, 0)
    return content
  } catch (err) {
    return (err as NodeJS.ErrnoException).code === 'EPERM' ? JSON.parse(await readFile(join(dataDir, 'server.json'), 'utf8')) : undefined
  }
}
