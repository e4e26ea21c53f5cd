// A slow network to the database: each round trip costs one delay, however much it carries. The duration of a request then
// tells how many round trips it makes one after another.

import { createConnection, createServer } from 'node:net'
import { cleanup } from './cleanup.ts'

export interface SlowNetwork {
  /** The same database, through the slow network. */
  url: string
  /** The delay of everything sent to the database from now on. */
  setDelay(ms: number): void
}

export async function startSlowNetwork(databaseUrl: string): Promise<SlowNetwork> {
  const url = new URL(databaseUrl)
  const { hostname: host, port } = new URL(databaseUrl)
  let ms = 0
  const server = createServer(near => {
    const far = createConnection({ host, port: Number(port) })
    near.on('data', chunk => (ms === 0 ? far.write(chunk) : setTimeout(() => far.write(chunk), ms)))
    far.on('data', chunk => near.write(chunk))
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
    near.setNoDelay(true)
    far.setNoDelay(true)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  cleanup(async () => void server.close())
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as { port: number }).port)
  return {
    url: url.href,
    setDelay(next) {
      ms = next
    },
  }
}
