// Asks the assistant over a socket of its own, and shows the answer as it comes. What was said is kept as long as the page.

import { useEffect, useSyncExternalStore } from 'react'
import type { Socket } from 'socket.io-client'
import { currentTokens } from '../../shared/api/session.ts'
import { randomId } from '../../shared/random-id.ts'
import { createStore } from '../../shared/store.ts'
import { chatWords as words } from './chat-words.ts'

export interface Turn {
  id: string
  question: string
  /** As much of the answer as has come. */
  answer: string
  articles: { art_id: string; title: string }[]
  isDone: boolean
}

interface Reply {
  id?: string
  text: string
  articles: Turn['articles']
}

/** Without a sign of an answer: longer than the server may be told to wait for a bot. */
const PATIENCE_MS = 125_000
/** For a connection. */
const CONNECT_MS = 30_000

const turns = createStore<Record<string, Turn[]>>({})
const NONE: Turn[] = []

/** Of each viewer: the token says who asks. Opened with the first question, and kept while their screen is shown or an answer is due. */
const connections = new Map<string, Promise<Socket>>()
const shown = new Set<string>()

export function useAssistant(viewer: string): { turns: Turn[]; ask(question: string): void } {
  const said = useSyncExternalStore(turns.subscribe, () => turns.get()[viewer] ?? NONE)
  useEffect(() => {
    shown.add(viewer)
    return () => {
      shown.delete(viewer)
      closeIfIdle(viewer)
    }
  }, [viewer])
  return { turns: said, ask: question => ask(viewer, question) }
}

function ask(viewer: string, question: string): void {
  const id = randomId()
  const turn = { id, question, answer: '', articles: [], isDone: false }
  turns.set({ ...turns.get(), [viewer]: [...(turns.get()[viewer] ?? NONE), turn] })
  wait(viewer, id, CONNECT_MS)
  const connection = connections.get(viewer) ?? open(viewer)
  connections.set(viewer, connection)
  connection.then(
    socket => {
      if (socket.connected) wait(viewer, id, PATIENCE_MS)
      socket.emit('message', { msg: question, timestamp: Date.now(), stream: true, id })
    },
    () => {
      connections.delete(viewer)
      giveUp(viewer, id)
    },
  )
}

/** Loads the library, too. */
async function open(viewer: string): Promise<Socket> {
  const { io } = await import('socket.io-client')
  const socket = io({
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    auth: send => send({ token: currentTokens()?.token }),
  })
  socket.on('connect', () => waitingOf(viewer).forEach(({ id }) => wait(viewer, id, PATIENCE_MS)))
  socket.on('disconnect', () => waitingOf(viewer).forEach(({ id }) => giveUp(viewer, id))) // the answer would go to that connection
  socket.on('message part', ({ id, text }: { id: string; text: string }) => {
    change(viewer, id, ({ answer }) => ({ answer: answer + text }))
    wait(viewer, id, PATIENCE_MS)
  })
  socket.on('message', ({ id, text, articles }: Reply) => {
    change(viewer, id, () => ({ answer: text, articles, isDone: true }))
    closeIfIdle(viewer)
  })
  return socket
}

function closeIfIdle(viewer: string): void {
  if (shown.has(viewer) || waitingOf(viewer).length > 0) return
  void connections.get(viewer)?.then(socket => socket.disconnect())
  connections.delete(viewer)
}

const waitingOf = (viewer: string) => (turns.get()[viewer] ?? NONE).filter(({ isDone }) => !isDone)

function change(viewer: string, id: string | undefined, edit: (turn: Turn) => Partial<Turn>): void {
  const changed = (turns.get()[viewer] ?? NONE).map(turn => (turn.id === id && !turn.isDone ? { ...turn, ...edit(turn) } : turn))
  turns.set({ ...turns.get(), [viewer]: changed })
}

function giveUp(viewer: string, id: string): void {
  change(viewer, id, () => ({ answer: words.noAnswer, isDone: true }))
  closeIfIdle(viewer)
}

const timers = new Map<string, ReturnType<typeof setTimeout>>()

/** From now on, instead of from the last sign of an answer. */
function wait(viewer: string, id: string, patienceMs: number): void {
  clearTimeout(timers.get(id))
  timers.set(
    id,
    setTimeout(() => giveUp(viewer, id), patienceMs),
  )
}
