// The library's server with our limits. Imported by sockets.ts when the first client comes.

import type { IncomingMessage } from 'node:http'
import { type Socket as Connection, Server as Engine } from 'engine.io'
import { Server, type ServerOptions, type Socket } from 'socket.io'
import { Encoder } from 'socket.io-parser'
import type { Log } from '../../base/log.ts'
import { clientNetwork } from '../../base/network.ts'
import { ANONYMOUS } from '../../base/viewer.ts'
import type { Authenticate } from '../bearer-token.ts'
import type { SocketHandler } from './handler.ts'
import { findSocketReader } from './identity.ts'
import { createPacketBucket, PACKET_RATE } from './packet-bucket.ts'
import type { Memberships } from './reader-sockets.ts'
import { TextOnlyDecoder } from './text-only-decoder.ts'

export interface SocketServerNeeds {
  handlers: Record<string, SocketHandler>
  authenticate: Authenticate
  memberships: Memberships
  /** Whether this client may open one more socket now. */
  mayConnect: (request: IncomingMessage) => Promise<boolean>
  addressOf: (request: IncomingMessage) => string
  /** Carries what other processes emit. */
  adapter?: ServerOptions['adapter']
  clock: () => number
  onCut: (reason: 'rate' | 'unavailable') => void
  log: Log
}

/** Ten times a question of 500 characters, in JSON that writes each as `\uXXXX`. Chats are sent by HTTP. */
const PACKET_BYTES_MAX = 32 * 1024
/** A client that does not finish its handshake is no client. */
const HANDSHAKE_MS = 10_000
// A half-open connection is noticed after both together. Browsers run the timers of a hidden page once a minute, and older
// clients ping by such a timer.
const PING_INTERVAL_MS = 25_000
const PING_TIMEOUT_MS = 60_000

export function openSocketServer(needs: SocketServerNeeds): { engine: Engine; io: Server } {
  const { handlers, authenticate, memberships, mayConnect, addressOf, adapter, onCut, log } = needs
  const engine = new Engine({
    allowEIO3: true,
    // Existing clients send credentials, for which browsers want their own origin back. Nothing here is read from a cookie.
    cors: { origin: true, credentials: true },
    maxHttpBufferSize: PACKET_BYTES_MAX,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    upgradeTimeout: HANDSHAKE_MS,
    httpRequestBodyTimeout: HANDSHAKE_MS,
    httpCompression: false, // the packets are small
    allowRequest: (request, allow) =>
      void mayConnect(request).then(
        may => allow(may ? null : 'Too many connections.', may),
        err => {
          log.warn({ err }, 'the limit of new sockets cannot be checked')
          allow('Please try again.', false)
        },
      ),
  })
  engine.on('connection', (connection: Connection) => limitRate(connection, needs))

  const io = new Server({
    serveClient: false,
    connectTimeout: HANDSHAKE_MS,
    parser: { Encoder, Decoder: TextOnlyDecoder },
    ...(adapter && { adapter }),
  })
  io.bind(engine)
  io.use((socket, next) => {
    findSocketReader(socket.handshake, authenticate).then(
      reader => {
        if (reader) socket.data = reader
        next()
      },
      err => {
        log.debug({ err: err.message }, 'the token of a socket cannot be checked')
        onCut('unavailable')
        socket.conn.close() // after a refusal clients give up; after this they try again
      },
    )
  })
  io.on('connection', socket => {
    if (socket.data?.kind === 'reader') memberships.join(socket, socket.data)
    socket.data = undefined
    const client = clientNetwork(addressOf(socket.request))
    for (const [event, handle] of Object.entries(handlers)) answer(socket, event, handle, client)
    forgetRequest(socket)
  })
  return { engine, io }

  function answer(socket: Socket, event: string, handle: SocketHandler, client: string): void {
    const emit = (name: string, payload: object) => void socket.emit(name, payload)
    socket.on(event, async (...given: unknown[]) => {
      const acknowledge = typeof given.at(-1) === 'function' && (given.pop() as () => void)
      try {
        const reply = await handle(given[0], { viewer: memberships.readerOf(socket) ?? ANONYMOUS, client, emit })
        if (reply) socket.emit(event, reply)
        if (acknowledge) acknowledge()
      } catch (err) {
        log.error({ err, event }, 'the handler of a socket event failed')
      }
    })
  }
}

/** The request of the handshake, with its headers, is a large part of an idle socket's memory. Nothing reads it any more. */
function forgetRequest(socket: Socket): void {
  const connection = socket.conn as unknown as { request: unknown; transport: { name: string; req: unknown } }
  connection.request = null
  if (connection.transport.name === 'websocket') connection.transport.req = null // polling still answers it
  socket.handshake.headers = {}
}

function limitRate(connection: Connection, { clock, onCut }: Pick<SocketServerNeeds, 'clock' | 'onCut'>): void {
  const take = createPacketBucket(PACKET_RATE, clock)
  connection.on('packet', () => {
    if (take() || connection.readyState !== 'open') return
    onCut('rate')
    connection.close(true)
  })
}
