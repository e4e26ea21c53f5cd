// Where clients open sockets: beside the API on the same port, below /socket.io. The library is loaded by the first request
// for it, because it takes a tenth of a second, which a start should not.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

export interface SocketEndpoint {
  handleRequest(request: IncomingMessage, response: ServerResponse): void
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

/** Production builds of two clients prefix every path with /api. */
const SOCKET_PATH = /^\/+(?:api\/+)?socket\.io(?:[/?]|$)/

export const isForSockets = (request: IncomingMessage): boolean => SOCKET_PATH.test(request.url ?? '')
