// The sockets of signed-in readers in this process. A reader's sockets share a room, and leave it at once when the token
// expires, the session ends or the account is frozen. The connection is closed a little later, for the client to come back.

import type { Socket } from 'socket.io'
import type { ReaderId, SessionId } from '../../base/id.ts'
import type { SocketReader } from './identity.ts'

export interface MembershipNeeds {
  /** Which of these sessions have ended, or belong to a frozen reader. */
  findEndedSessions: (ids: SessionId[]) => Promise<Set<SessionId>>
  clock: () => number
  random: () => number
}

export type Memberships = ReturnType<typeof createMemberships>

/** The contract's name of a reader's room. The names of all other rooms are longer: they hold one socket each. */
export const roomOf = (readerId: ReaderId): string => readerId.toString()

/** Tabs and devices of one reader. One more replaces the oldest. */
const SOCKETS_PER_READER_MAX = 20
// Not sooner than sign-in has noticed that the session ended, which takes two seconds: the client comes back with its token.
// And not all clients at the same moment.
const CLOSE_MS_MIN = 2_500
const CLOSE_MS_MAX = 5_000
const CHECKED_AT_ONCE = 1_000 // sessions in one query
const TIMER_MS_MAX = 2 ** 31 - 1

export function createMemberships({ findEndedSessions, clock, random }: MembershipNeeds) {
  const members = new Map<Socket, { reader: SocketReader; expiry: NodeJS.Timeout }>()
  const socketsOf = new Map<ReaderId, Set<Socket>>()

  const unchecked = new Set<Socket>()
  let checking: Promise<void> | undefined

  function join(socket: Socket, reader: SocketReader): void {
    const { id } = reader.viewer
    const expiry = setTimeout(() => end(socket), Math.min(TIMER_MS_MAX, Math.max(0, reader.session.expiresAt - clock())))
    members.set(socket, { reader, expiry })
    const sockets = socketsOf.get(id) ?? new Set()
    socketsOf.set(id, sockets.add(socket))
    void socket.join(roomOf(id))
    socket.once('disconnect', () => forget(socket))
    const [oldest] = sockets
    if (sockets.size > SOCKETS_PER_READER_MAX && oldest) end(oldest)
  }

  function forget(socket: Socket): void {
    const member = members.get(socket)
    if (!member) return
    clearTimeout(member.expiry)
    members.delete(socket)
    unchecked.delete(socket)
    const { id } = member.reader.viewer
    const sockets = socketsOf.get(id)
    sockets?.delete(socket)
    if (sockets?.size === 0) socketsOf.delete(id)
  }

  /** From now on the socket is an anonymous one. */
  function end(socket: Socket): void {
    const member = members.get(socket)
    if (!member) return
    void socket.leave(roomOf(member.reader.viewer.id))
    forget(socket)
    // Without a packet that says so: a client that is told to go away does not come back by itself.
    const timer = setTimeout(() => socket.conn.close(), CLOSE_MS_MIN + random() * (CLOSE_MS_MAX - CLOSE_MS_MIN))
    socket.once('disconnect', () => clearTimeout(timer))
  }

  async function checkSessions(): Promise<void> {
    try {
      while (unchecked.size > 0) {
        const sessions = new Map<Socket, SessionId>()
        for (const socket of unchecked) {
          const id = members.get(socket)?.reader.session.id
          if (id !== undefined) sessions.set(socket, id)
          unchecked.delete(socket)
          if (sessions.size === CHECKED_AT_ONCE) break
        }
        const ended = await findEndedSessions([...sessions.values()])
        for (const [socket, id] of sessions) if (ended.has(id)) end(socket)
      }
    } finally {
      checking = undefined
    }
  }

  return {
    join,
    readerOf: (socket: Socket) => members.get(socket)?.reader.viewer,
    has: (id: ReaderId) => socketsOf.has(id),
    readers: (): ReaderId[] => [...socketsOf.keys()],
    size: () => members.size,

    /** Ends the memberships whose sessions have ended, among those that may have. One query at a time asks for all that wait. */
    async check(mayHaveEnded: (reader: SocketReader) => boolean): Promise<void> {
      for (const [socket, { reader }] of members) if (mayHaveEnded(reader)) unchecked.add(socket)
      if (unchecked.size > 0) checking ??= checkSessions()
      await checking
    },
  }
}
