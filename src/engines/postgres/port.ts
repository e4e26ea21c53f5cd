import { createServer } from 'node:net'

/**
 * A free port on 127.0.0.1, `preferred` if possible. Otherwise one below 32768, where Linux begins to assign ports to outgoing
 * connections, so that none of them takes it while the server restarts.
 */
export async function findFreePort(preferred: number | undefined): Promise<number> {
  if (preferred !== undefined && (await isFree(preferred))) return preferred
  for (let tries = 0; tries < 100; tries++) {
    const port = 15_432 + Math.floor(Math.random() * (32_768 - 15_432))
    if (await isFree(port)) return port
  }
  throw new Error('no free port on 127.0.0.1 between 15432 and 32767')
}

function isFree(port: number): Promise<boolean> {
  const probe = createServer()
  return new Promise(resolve => {
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
