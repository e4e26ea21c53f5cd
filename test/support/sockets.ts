// The clients of two generations of Socket.IO, as existing apps use them.

import { createRequire } from 'node:module'
import { io as connectNewer } from 'socket.io-client'
import { cleanup } from './cleanup.ts'
import { eventually } from './waiting.ts'

// Version 2 comes without types and as CommonJS.
const connectOlder = createRequire(import.meta.url)('socket.io-client-2') as (url: string, options: object) => never

export type ClientVersion = 2 | 4

export interface SocketOptions {
  version?: ClientVersion
  transports?: ('polling' | 'websocket')[]
  query?: Record<string, string>
  /** Options of the library. */
  more?: object
}

export interface Received {
  event: string
  payload: Record<string, unknown>
}

export interface TestSocket {
  emit(event: string, ...payload: unknown[]): void
  on(event: string, listener: () => void): void
  /** Everything that has come so far. */
  received: Received[]
  isConnected(): boolean
  /** How often it has connected. */
  connects(): number
  connected(): Promise<void>
  disconnected(): Promise<void>
  /** Waits for the `count`th event of this name, and returns its payload. */
  next(event: string, count?: number): Promise<Received['payload']>
  /** The library's transport. */
  transport(): string
  close(): void
}

const EVENTS = ['message', 'following notify', 'liking notify', 'comment notify', 'notice', 'new articles', 'chat', 'message part']

interface LibrarySocket {
  connected: boolean
  io: { engine: { transport: { name: string } } }
  on(event: string, listener: (payload: Received['payload']) => void): void
  emit(event: string, ...payload: unknown[]): void
  disconnect(): void
}

/** Returns at once. The socket is closed after the tests of the file. */
export function openSocket(url: string, { version = 4, transports, query, more }: SocketOptions = {}): TestSocket {
  const options = { ...(transports && { transports }), ...(query && { query }), forceNew: true, reconnectionDelay: 20, ...more }
  const socket = (version === 4 ? connectNewer(url, options) : connectOlder(url, options)) as unknown as LibrarySocket
  const received: Received[] = []
  let connects = 0
  socket.on('connect', () => void connects++)
  for (const event of EVENTS) socket.on(event, payload => void received.push({ event, payload }))
  const close = () => void socket.disconnect()
  cleanup(async () => close())
  const named = (event: string) => received.filter(each => each.event === event)
  return {
    emit: (event, ...payload) => socket.emit(event, ...payload),
    on: (event, listener) => socket.on(event, listener),
    received,
    isConnected: () => socket.connected,
    connects: () => connects,
    connected: async () => void (await eventually(() => socket.connected, Boolean)),
    disconnected: async () => void (await eventually(() => !socket.connected, Boolean)),
    async next(event, count = 1) {
      await eventually(
        () => named(event).length,
        length => length >= count,
      )
      return named(event)[count - 1]?.payload as Received['payload']
    },
    transport: () => socket.io.engine.transport.name,
    close,
  }
}
