// Two readers who chat, as careful clients: a message is sent again under its name until it is acknowledged, and each push or
// connect makes the client ask for what comes after the last message it has, and confirm it.

import { randomUUID } from 'node:crypto'
import { openSocket, type TestSocket } from '../../support/sockets.ts'
import { pause } from '../../support/waiting.ts'

export interface Reader {
  id: string
  token: string
}

export interface Message {
  seq: number
  id: string
  client_id: string
}

export interface ChatClient {
  /** In the order in which they were shown. */
  shown: Message[]
  acknowledged: Message[]
  /** How often a message was sent that had been sent before. */
  repeats(): number
  /** What the server said last of the other's receipts. */
  receipts(): { delivered: number; read: number }
  send(): Promise<void>
  /** Asks once more. */
  look(): Promise<void>
  socket: TestSocket
}

/** After the first failure, then twice as long each time. Two hundred clients that try every tenth of a second keep a server from starting. */
const RETRY_MS = 100
/** As long as the library of sockets waits at most. */
const RETRY_MAX_MS = 5_000
/** Eight minutes: a test that has failed does not go on for ever. */
const TRIES_MAX = 100
const PAGE = 100

export function openChatClient(url: string, self: Reader, peer: Reader): ChatClient {
  const shown: Message[] = []
  const acknowledged: Message[] = []
  let repeats = 0
  let told = { delivered: 0, read: 0 }

  async function call(method: string, path: string, body?: object) {
    const headers = { authorization: `Bearer ${self.token}`, 'content-type': 'application/json' }
    const answer = await fetch(`${url}/v1/chats/${peer.id}/${path}`, { method, headers, body: JSON.stringify(body) })
    if (!answer.ok) throw Object.assign(new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`), { status: answer.status })
    return ((await answer.json()) as { data: never }).data
  }

  async function showNewer(): Promise<void> {
    for (;;) {
      const page: { messages: Message[]; delivered_up_to: number; read_up_to: number } = await call(
        'GET',
        `messages?after=${shown.at(-1)?.seq ?? 0}&limit=${PAGE}`,
      )
      shown.push(...page.messages.map(({ seq, id, client_id }) => ({ seq, id, client_id })))
      told = { delivered: page.delivered_up_to, read: page.read_up_to }
      if (page.messages.length > 0) await call('POST', 'receipts', { read: shown.at(-1)?.seq })
      if (page.messages.length < PAGE) return
    }
  }

  /** One look at a time: pushes that come meanwhile are served by one more. While the server is away it fails; a connect looks again. */
  let looking: Promise<void> | undefined
  let isWanted = false
  function look(): Promise<void> {
    isWanted = true
    looking ??= (async () => {
      try {
        while (isWanted) {
          isWanted = false
          await showNewer()
        }
      } finally {
        looking = undefined
      }
    })()
    return looking
  }

  const socket = openSocket(url, { query: { token: self.token }, transports: ['websocket'], more: { reconnectionDelayMax: RETRY_MAX_MS } })
  for (const event of ['chat', 'connect']) socket.on(event, () => void look().catch(() => {}))

  return {
    shown,
    acknowledged,
    repeats: () => repeats,
    receipts: () => told,
    look,
    socket,
    async send() {
      const client_id = randomUUID()
      for (let tries = 1; ; tries++)
        try {
          const { seq, id }: Message = await call('POST', 'messages', { client_id, text: client_id })
          acknowledged.push({ seq, id, client_id })
          return
        } catch (err) {
          const { status = 503 } = err as { status?: number } // none: the server is away
          if ((status < 500 && status !== 429) || tries === TRIES_MAX) throw err
          repeats++
          await pause(Math.min(RETRY_MS * 2 ** (tries - 1), RETRY_MAX_MS))
        }
    },
  }
}
