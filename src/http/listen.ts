// Listens, and stops without dropping what has arrived.

import type { AddressInfo, Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { toListenError } from '../base/network.ts'

export interface HttpListener {
  /** http://host:port */
  url: string
  /** Stops taking new work, answers what has arrived, closes. */
  close(): Promise<void>
}

// Whoever has sent nothing for so long while we leave has nothing under way.
const SILENT_MS = 300
// What has arrived may take this long to be answered: the process as a whole has fifteen seconds (main.ts).
const CLOSE_MS = 8_000

export async function listen(server: FastifyInstance, { host, port }: { host: string; port: number }): Promise<HttpListener> {
  const sockets = new Set<Socket>()
  server.server.on('connection', socket => sockets.add(socket.once('close', () => sockets.delete(socket))))
  await server.listen({ host, port }).catch(err => {
    throw toListenError(err, { host, port }, 'PORT')
  })
  const address = server.server.address() as AddressInfo
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`, close: () => close(server, sockets) }
}

/** Node itself waits for every socket that is not between two requests, whether or not a request ever comes on it. */
async function close(server: FastifyInstance, sockets: Set<Socket>): Promise<void> {
  // Browsers connect before they know what to ask.
  const silent = setInterval(() => sockets.forEach(socket => socket.bytesRead === 0 && socket.destroy()), SILENT_MS)
  const limit = setTimeout(() => server.server.closeAllConnections(), CLOSE_MS)
  await server.close()
  clearInterval(silent)
  clearTimeout(limit)
}
