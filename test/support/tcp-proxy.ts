// A TCP proxy between a client and a server that can drop all traffic silently, or reset connections.

import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { cleanup } from './cleanup.ts'

export interface TcpProxy {
  port: number
  /** Drops all traffic, of old and new connections, until `heal`. A connection that was dropped once never recovers. */
  blackhole(): void
  /** Until `heal`: resets every open connection, and each new one when it first sends something. */
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
