// Asks the assistant over a socket of its own, which shows the answer as it comes. What was said is kept as long as the page.

import { useEffect, useRef, useSyncExternalStore } from 'react'
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

/** Longer than the server waits for a bot. */
const PATIENCE_MS = 30_000

const turns = createStore<Record<string, Turn[]>>({})
const NONE: Turn[] = []

export function useAssistant(viewer: string): { turns: Turn[]; ask(question: string): void } {
  const said = useSyncExternalStore(turns.subscribe, () => turns.get()[viewer] ?? NONE)
  const socket = useRef<Promise<Socket>>(undefined)
  useEffect(() => () => void socket.current?.then(opened => opened.disconnect()), [])

  const change = (id: string | undefined, edit: (turn: Turn) => Partial<Turn>) =>
    turns.set({
      ...turns.get(),
      [viewer]: (turns.get()[viewer] ?? NONE).map(turn => (turn.id === id && !turn.isDone ? { ...turn, ...edit(turn) } : turn)),
    })

  /** The library is loaded, and the socket opened, with the first question. */
  const open = async () => {
    const { io } = await import('socket.io-client')
    const opened = io({
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      auth: send => send({ token: currentTokens()?.token }),
    })
    opened.on('message part', ({ id, text }: { id?: string; text: string }) => change(id, ({ answer }) => ({ answer: answer + text })))
    opened.on('message', ({ id, text, articles }: Reply) => change(id, () => ({ answer: text, articles, isDone: true })))
    return opened
  }

  function ask(question: string): void {
    const id = randomId()
    turns.set({ ...turns.get(), [viewer]: [...(turns.get()[viewer] ?? NONE), { id, question, answer: '', articles: [], isDone: false }] })
    const giveUp = () => change(id, () => ({ answer: words.noAnswer, isDone: true }))
    setTimeout(giveUp, PATIENCE_MS)
    socket.current ??= open()
    socket.current.then(
      opened => opened.emit('message', { msg: question, timestamp: Date.now(), stream: true, id }),
      () => {
        socket.current = undefined
        giveUp()
      },
    )
  }
  return { turns: said, ask }
}
