// Listens for HTTP, and stops without dropping requests that have arrived.

import type { AddressInfo, Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { toListenError } from '../base/network.ts'

export interface HttpListener {
  /** http://host:port */
  url: string
  /** Stops accepting requests, answers those that have arrived, closes. */
  close(): Promise<void>
}

// How often, while closing, connections on which no byte has arrived are closed.
const SWEEP_MS = 300

export interface ListenOptions {
  host: string
  port: number
  /** The longest a request may take while closing (app/shutdown.ts). */
  closeMs: number
}

export async function listen(server: FastifyInstance, { host, port, closeMs }: ListenOptions): Promise<HttpListener> {
  const sockets = new Set<Socket>()
  server.server.on('connection', socket => sockets.add(socket.once('close', () => sockets.delete(socket))))
  await server.listen({ host, port }).catch(err => {
    throw toListenError(err, { host, port }, 'PORT')
  })
  const address = server.server.address() as AddressInfo
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`, close: () => close(server, sockets, closeMs) }
}

/** Node alone would wait for every new connection, even if no request ever arrives on it. */
async function close(server: FastifyInstance, sockets: Set<Socket>, closeMs: number): Promise<void> {
  // Browsers open connections in advance.
  const sweep = setInterval(() => sockets.forEach(socket => socket.bytesRead === 0 && socket.destroy()), SWEEP_MS)
  const limit = setTimeout(() => server.server.closeAllConnections(), closeMs)
  await server.close()
  clearInterval(sweep)
  clearTimeout(limit)
}
