// A network between a client and a server, which may begin to swallow everything without a word, or to break connections off.

import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { cleanup } from './cleanup.ts'

export interface TcpProxy {
  port: number
  /** Nothing passes any more, on old connections and new ones, until `pass`. Who was swallowed once stays so. */
  blackhole(): void
  /** Every connection is broken off, those that are there and those that come as soon as they say something, until `pass`. */
  resetConnections(): void
  heal(): void
}

export async function startTcpProxy(port: number, host = '127.0.0.1'): Promise<TcpProxy> {
  let swallowing = false
  let resetting = false
  const sockets = new Set<Socket>()
  const dead = new WeakSet<Socket>()
  const server = createServer(client => {
    const upstream = connect(port, host)
    for (const [from, to] of [[client, upstream] as const, [upstream, client] as const]) {
      sockets.add(from)
      if (swallowing) dead.add(from)
      from.on('data', chunk => (resetting ? from.resetAndDestroy() : dead.has(from) || to.write(chunk)))
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanup(async () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return {
    port: (server.address() as { port: number }).port,
    blackhole() {
      swallowing = true
      for (const socket of sockets) dead.add(socket)
    },
    resetConnections() {
      resetting = true
      for (const socket of sockets) socket.resetAndDestroy()
    },
    heal() {
      swallowing = false
      resetting = false
    },
  }
}
