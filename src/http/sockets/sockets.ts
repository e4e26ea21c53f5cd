// The sockets of this process: opens the library's server with the first client, pushes to readers, and keeps watch over
// sessions and slow clients.

import type { Duplex } from 'node:stream'
import type { Server as Engine } from 'engine.io'
import type { ServerOptions } from 'socket.io'
import type { ReaderId } from '../../base/id.ts'
import type { Metrics } from '../../base/metrics.ts'
import { clientNetwork } from '../../base/network.ts'
import type { RateLimiter } from '../../engines/limits/rate-limiter.ts'
import { createClientAddress } from './client-address.ts'
import type { SocketEndpoint } from './endpoint.ts'
import type { SocketReader } from './identity.ts'
import { createMemberships, type MembershipNeeds, roomOf } from './reader-sockets.ts'
import { cutSlowSockets } from './slow-sockets.ts'
import type { SocketServerNeeds } from './socket-server.ts'

export interface SocketsNeeds
  extends MembershipNeeds,
    Omit<SocketServerNeeds, 'memberships' | 'mayConnect' | 'addressOf' | 'adapter' | 'onCut'> {
  /** Limits the sockets that one client network may open. */
  connectLimiter: RateLimiter
  trustProxy: number | string[]
  metrics: Metrics
  /** Opens what carries events between processes. */
  openAdapter?: () => Promise<ServerOptions['adapter'] | undefined>
}

export interface Sockets {
  endpoint: SocketEndpoint
  /** Sends an event to the reader's sockets of this process. */
  push(readerId: ReaderId, event: string, payload: object): void
  /** Whether a client has ever come. Before, `pushEverywhere` does nothing. */
  isOpen(): boolean
  /** Sends an event to the reader's sockets of all processes; without Redis, of this one. */
  pushEverywhere(readerId: ReaderId, event: string, payload: object): void
  /** Sends an event to the sockets of all readers of this process. */
  pushToAll(event: string, payload: object): void
  /** Whether the reader has a socket in this process. */
  has(readerId: ReaderId): boolean
  /** The readers with a socket in this process. */
  readers(): ReaderId[]
  /** Ends the sockets whose session has ended or whose reader is frozen, among all or those that may have. */
  checkSessions(mayHaveEnded?: (reader: SocketReader) => boolean): Promise<void>
  close(): Promise<void>
}

/** The change log starts a check at once. In case it is behind, all sessions are checked this often. */
const CHECK_MS = 10_000
/** What sign-in knows of a session may be two seconds old, so the sessions of new sockets are checked again. */
const RECHECK_MS = 2_500
const SWEEP_MS = 1_000
const READERS = 'readers' // the room of everyone who is signed in

export function createSockets(needs: SocketsNeeds): Sockets {
  const { connectLimiter, trustProxy, metrics, openAdapter, log } = needs
  const memberships = createMemberships(needs)
  const addressOf = createClientAddress(trustProxy)
  const cuts = metrics.counter('sockets_cut_total', 'Sockets closed by the server', ['reason'])
  const pushes = metrics.counter('pushes_total', 'Events pushed to a reader who has a socket here', ['event'])
  let opening: ReturnType<typeof openServer> | undefined
  let opened: Awaited<ReturnType<typeof openServer>> | undefined
  let recheck: NodeJS.Timeout | undefined
  let closed = false

  metrics.labelledGauge('sockets', 'Open sockets of this process', ['viewer'], () => [
    [['reader'], memberships.size()],
    [['anonymous'], (opened?.engine.clientsCount ?? 0) - memberships.size()],
  ])

  async function openServer() {
    const [{ openSocketServer }, adapter] = await Promise.all([import('./socket-server.ts'), openAdapter?.()])
    const join: typeof memberships.join = (socket, reader) => {
      memberships.join(socket, reader)
      void socket.join(READERS)
      recheck ??= setTimeout(() => {
        recheck = undefined
        void checkSessions()
      }, RECHECK_MS).unref()
    }
    const server = openSocketServer({
      ...needs,
      memberships: { ...memberships, join },
      mayConnect: async request => !closed && (await connectLimiter.consume(clientNetwork(addressOf(request)))) === 0,
      addressOf,
      adapter,
      onCut: reason => cuts.add([reason]),
    })
    const sweep = setInterval(() => cuts.add(['slow'], cutSlowSockets(server.engine)), SWEEP_MS)
    const check = setInterval(() => void checkSessions(), CHECK_MS)
    return { ...server, timers: [sweep, check] }
  }

  /** Opens the server for the first client. If that fails, the next client tries again. */
  async function whenOpen() {
    opening ??= openServer()
    try {
      return (opened = await opening)
    } catch (err) {
      opening = undefined
      throw err
    }
  }

  async function serve(socket: Duplex, work: (engine: Engine) => void): Promise<void> {
    try {
      const { engine } = await whenOpen()
      if (!socket.destroyed) work(engine)
    } catch (err) {
      log.error({ err }, 'sockets cannot be opened')
      socket.destroy()
    }
  }

  // When PostgreSQL is away, the next check finds what this one missed.
  const checkSessions: Sockets['checkSessions'] = (mayHaveEnded = () => true) =>
    memberships.check(mayHaveEnded).catch(err => log.warn({ err }, 'the sessions of open sockets cannot be checked'))

  return {
    endpoint: {
      handleRequest: (request, response) => void serve(request.socket, engine => engine.handleRequest(request as never, response)),
      handleUpgrade(request, socket, head) {
        // Node listens no longer, and the library not yet: a client that resets its connection would end the process.
        socket.on('error', () => socket.destroy())
        void serve(socket, engine => engine.handleUpgrade(request as never, socket, head))
      },
    },
    push(readerId, event, payload) {
      if (!memberships.has(readerId)) return
      pushes.add([event])
      opened?.io.local.to(roomOf(readerId)).emit(event, payload)
    },
    isOpen: () => opened !== undefined,
    pushEverywhere: (readerId, event, payload) => void opened?.io.to(roomOf(readerId)).emit(event, payload),
    pushToAll: (event, payload) => void opened?.io.local.to(READERS).emit(event, payload),
    has: memberships.has,
    readers: memberships.readers,
    checkSessions,
    async close() {
      closed = true
      const server = await opening
      for (const timer of server?.timers ?? []) clearInterval(timer)
      await server?.io.close()
    },
  }
}
