// Sends messages, those of a chat in the order in which they were typed. Each is shown at once, and stays until the server has it or
// its writer gives it up. One that is sent again keeps its name, so the server stores it once.

import { useEffect, useSyncExternalStore } from 'react'
import { ApiError } from '../../shared/api/client.ts'
import { currentViewer } from '../../shared/api/session.ts'
import { type Message, sendMessage } from './chat-queries.ts'
import { chatWords as words } from './chat-words.ts'
import { changeOutbox, type Outgoing, outbox } from './outbox-store.ts'

/** More than anyone types without a network; a twentieth of what browsers let a site keep. */
const WAITING_MAX = 50

type Chat = Pick<Outgoing, 'viewer' | 'reader'>
const isOf = (chat: Chat) => (message: Outgoing) => message.viewer === chat.viewer && message.reader === chat.reader
const isWaiting = ({ isSent, isRefused }: Outgoing) => !isSent && !isRefused

const change = (wanted: (message: Outgoing) => boolean, changed: Partial<Outgoing>) =>
  changeOutbox(all => all.map(message => (wanted(message) ? { ...message, ...changed } : message)))
export const discard = (clientId: string) => changeOutbox(all => all.filter(({ client_id }) => client_id !== clientId))

/** `loaded`: the messages of the chat, of which those that were sent leave the outbox. */
export function useOutbox(chat: Chat, loaded: Message[]) {
  const names = new Set(loaded.map(message => message.client_id))
  const messages = useSyncExternalStore(outbox.subscribe, outbox.get).filter(isOf(chat))
  const hasLoaded = messages.some(({ client_id }) => names.has(client_id))
  useEffect(() => {
    if (hasLoaded) changeOutbox(all => all.filter(({ client_id }) => !loaded.some(message => message.client_id === client_id)))
  }, [hasLoaded, loaded])
  return messages.filter(({ client_id }) => !names.has(client_id))
}

/** Resolves when the server has it, or it is known why not. Undefined if too many wait: then it is not sent. */
export function send(chat: Chat, { client_id, text }: { client_id: string; text: string }): Promise<void> | undefined {
  const own = outbox.get().filter(({ viewer }) => viewer === chat.viewer) // of a reader before them nothing is kept
  const isNew = own.every(message => message.client_id !== client_id)
  if (isNew && own.filter(({ isSent }) => !isSent).length >= WAITING_MAX) return undefined
  changeOutbox(() => (isNew ? [...own, { ...chat, client_id, text }] : own))
  change(message => message.client_id === client_id, { isRefused: false })
  return sendAgain(chat)
}

/** What waits for a network, in all chats. */
export async function sendAllAgain(viewer: string): Promise<void> {
  const readers = new Set(outbox.get().flatMap(message => (message.viewer === viewer && isWaiting(message) ? [message.reader] : [])))
  for (const reader of readers) await sendAgain({ viewer, reader })
}

/** Of each chat the last round: the next one begins when it has ended. */
const rounds = new Map<string, Promise<void>>()

function sendAgain(chat: Chat): Promise<void> {
  change(message => isOf(chat)(message) && isWaiting(message), { failure: undefined })
  const key = `${chat.viewer} ${chat.reader}`
  const round = (rounds.get(key) ?? Promise.resolve()).then(() => sendWaiting(chat))
  rounds.set(key, round)
  return round
}

async function sendWaiting(chat: Chat): Promise<void> {
  for (;;) {
    const next = outbox.get().find(message => isOf(chat)(message) && isWaiting(message) && message.failure === undefined)
    if (!next || chat.viewer !== currentViewer()) return
    const isNext = (message: Outgoing) => message.client_id === next.client_id
    try {
      await sendMessage(chat.reader, { client_id: next.client_id, text: next.text })
      change(isNext, { isSent: true })
    } catch (err) {
      const failure = explain(err)
      if (isRefusal(err)) change(isNext, { failure, isRefused: true })
      else change(message => isOf(chat)(message) && isWaiting(message), { failure }) // those behind it wait, too
    }
  }
}

/** Not if it may be taken later: by a reader who signs in again, or writes more slowly. */
const isRefusal = (err: unknown) => err instanceof ApiError && err.status < 500 && ![401, 408, 429].includes(err.status)

function explain(err: unknown): string {
  if (!(err instanceof ApiError) || err.status >= 500) return words.notSent
  const { reason, words: found = [] } = err.refusal
  if (reason === 'words') return words.notAllowed(found.join('、'))
  if (reason === 'unanswered') return words.waitForAnswer
  if (err.status === 429) return words.fast
  return err.status === 403 ? words.cannotWrite : words.notSent
}
