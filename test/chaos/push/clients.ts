// Readers with open sockets, as careful clients: each push makes them ask for what is newer than the last notice they have, and
// so does each connect. Old clients beside them only listen.

import { openSocket, type TestSocket } from '../../support/sockets.ts'

export interface PushClient {
  readerId: string
  /** Ids of the notices shown, in order. */
  shown: string[]
  /** The unread count that the server told last. */
  unread(): number
  socket: TestSocket
  /** Asks once more. */
  look(): Promise<void>
}

interface NoticePage {
  data: { notices: { id: string }[]; unread: number }
}

export function openPushClient(url: string, reader: { id: string; token: string }): PushClient {
  const shown: string[] = []
  const known = new Set<string>()
  let unread = 0
  let looking: Promise<void> = Promise.resolve()

  async function fetchNewer(): Promise<void> {
    for (;;) {
      const answer = await fetch(`${url}/v1/notices?after=${shown.at(-1) ?? 0}&limit=100`, {
        headers: { authorization: `Bearer ${reader.token}` },
      })
      if (!answer.ok) throw new Error(`${answer.status}`)
      const { data } = (await answer.json()) as NoticePage
      for (const { id } of data.notices) {
        if (known.has(id)) throw new Error(`notice ${id} is shown twice`)
        known.add(id)
        shown.push(id)
      }
      unread = data.unread
      if (data.notices.length < 100) return
    }
  }

  /** One after another. While the server is away a look fails, and the next connect looks again. */
  const look = () => (looking = looking.catch(() => {}).then(fetchNewer))
  const socket = openSocket(url, { query: { token: reader.token }, transports: ['websocket'], more: { reconnectionDelayMax: 200 } })
  const lookQuietly = () => void look().catch(() => {})
  socket.on('notice', lookQuietly)
  socket.on('connect', lookQuietly)
  return { readerId: reader.id, shown, unread: () => unread, socket, look }
}
