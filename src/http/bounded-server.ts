// The server of Node with bounds on what one client can occupy, whichever route it asks for: answers under way, waiting
// requests, connections, and the time it may take to read an answer.

import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerOptions, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { clientNetwork } from '../base/network.ts'
import { hasSeveralHosts, refuseMalformedRequest } from './malformed-http.ts'
import { isForSockets, type SocketEndpoint } from './sockets/endpoint.ts'

export interface ServerBounds {
  /** Of the process. Each costs some 20 KB. */
  connectionsMax: number
  /** Of one client network. Undefined behind a proxy, which is the peer of every connection. */
  connectionsPerNetworkMax: number | undefined
  /** A client that has read nothing of its answer for so long is disconnected. */
  unreadMs: number
}

/** Browsers open six connections, load balancers some hundreds. */
export const DEFAULT_BOUNDS: ServerBounds = { connectionsMax: 4_000, connectionsPerNetworkMax: 1_000, unreadMs: 20_000 }

/** Requests of a connection that wait while another is answered. No browser pipelines; tools that do send some ten at once. */
const WAITING_MAX = 100
/** As nginx: so connections move to new processes in time. */
const REQUESTS_PER_CONNECTION_MAX = 1_000

/** Behind proxies, all connections come from a few networks. */
export const boundsFor = (trustProxy: number | string[]): ServerBounds =>
  trustProxy === 0 ? DEFAULT_BOUNDS : { ...DEFAULT_BOUNDS, connectionsPerNetworkMax: undefined }

/** `sockets` answers what is for it, within the same bounds. */
export function createBoundedServer(
  handle: RequestListener,
  options: ServerOptions,
  bounds = DEFAULT_BOUNDS,
  sockets?: SocketEndpoint,
): Server {
  const answer: RequestListener = (request, response) => {
    if (hasSeveralHosts(request)) return refuseMalformedRequest(new Error('several Host headers'), request.socket)
    if (sockets && isForSockets(request)) return sockets.handleRequest(request, response)
    handle(request, response)
  }
  const shouldUpgradeCallback = (request: IncomingMessage) => sockets !== undefined && isForSockets(request)
  const server = createServer({ ...options, shouldUpgradeCallback }, answerInTurn(answer))
  if (sockets)
    server.on('upgrade', (request, socket, head) => {
      if (hasSeveralHosts(request)) refuseMalformedRequest(new Error('several Host headers'), socket as Socket)
      else sockets.handleUpgrade(request, socket, head)
    })
  server.maxConnections = bounds.connectionsMax
  server.maxRequestsPerSocket = REQUESTS_PER_CONNECTION_MAX
  server.setTimeout(bounds.unreadMs, socket => {
    // Between two requests Node sets keepAliveTimeout instead. An answer that is still being computed has written nothing yet.
    if (socket.timeout === bounds.unreadMs && socket.writableLength === 0) socket.setTimeout(bounds.unreadMs)
    else socket.destroy()
  })
  if (bounds.connectionsPerNetworkMax !== undefined) limitConnectionsPerNetwork(server, bounds.connectionsPerNetworkMax)
  return server
}

type Exchange = [request: IncomingMessage, response: ServerResponse]

/** Of a connection. */
interface Turn {
  isAnswering: boolean
  waiting: Exchange[]
}

/**
 * Handles the next request of a connection when the operating system has taken the whole answer to the one before. Node
 * alone would handle all pipelined requests at once, and keep the answers in memory until the client reads them.
 */
function answerInTurn(handle: RequestListener): (...exchange: Exchange) => void {
  const turns = new WeakMap<Socket, Turn>()

  function answer(socket: Socket, turn: Turn, [request, response]: Exchange): void {
    turn.isAnswering = true
    response.on('close', () => {
      turn.isAnswering = false
      const next = turn.waiting.shift()
      if (next && !socket.destroyed) answer(socket, turn, next)
    })
    handle(request, response as Parameters<RequestListener>[1])
  }

  return (request, response) => {
    const { socket } = request
    if (socket.destroyed) return
    let turn = turns.get(socket)
    if (!turn) turns.set(socket, (turn = { isAnswering: false, waiting: [] }))
    if (!turn.isAnswering) answer(socket, turn, [request, response])
    else if (turn.waiting.length < WAITING_MAX) turn.waiting.push([request, response])
    else socket.destroy()
  }
}

function limitConnectionsPerNetwork(server: Server, max: number): void {
  const counts = new Map<string, number>()
  server.on('connection', socket => {
    const network = clientNetwork(socket.remoteAddress ?? '')
    const count = (counts.get(network) ?? 0) + 1
    if (count > max) return void socket.destroy()
    counts.set(network, count)
    socket.once('close', () => {
      const left = (counts.get(network) as number) - 1
      if (left > 0) counts.set(network, left)
      else counts.delete(network)
    })
  })
}
