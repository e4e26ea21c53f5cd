import type { Socket as Connection, Server as Engine } from 'engine.io'

/** A push has some 300 bytes, so this is hours of them, and a client that has not read them for as long. */
const BUFFERED_BYTES_MAX = 256 * 1024
const BUFFERED_PACKETS_MAX = 500

/** Cuts the sockets that do not read what is sent to them. What they miss is in rows, and they get it when they come back. */
export function cutSlowSockets(engine: Engine): number {
  let cut = 0
  for (const connection of connectionsOf(engine)) {
    const socket = webSocketOf(connection)
    if (connection.writeBuffer.length <= BUFFERED_PACKETS_MAX && (socket?.bufferedAmount ?? 0) <= BUFFERED_BYTES_MAX) continue
    connection.close(true)
    socket?.terminate() // a polite close would wait behind what is not read
    cut++
  }
  return cut
}

// The library declares these parts private, and has no other way to see what waits to be sent.
interface WebSocket {
  bufferedAmount: number
  terminate(): void
}
type Open = Pick<Connection, 'close'> & { writeBuffer: unknown[]; transport: { socket?: WebSocket } }

const connectionsOf = (engine: Engine) => Object.values((engine as unknown as { clients: Record<string, Open> }).clients)

/** Undefined while the client polls. */
const webSocketOf = ({ transport }: Open) => transport.socket
