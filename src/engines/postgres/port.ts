import { createServer } from 'node:net'

/**
 * A port nobody listens on, the wished one if possible. Otherwise one below 32768, where Linux begins to give ports to outgoing
 * connections: those cannot take it away while the server restarts.
 */
export async function findFreePort(wished: number | undefined): Promise<number> {
  if (wished !== undefined && (await isFree(wished))) return wished
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
