// Messages that are on their way. They are shown at once, and stay until the server has them or their writer gives them up. One that
// is sent again keeps its name, so the server stores it once.

import { useEffect, useSyncExternalStore } from 'react'
import { ApiError } from '../../shared/api/client.ts'
import { createStore } from '../../shared/store.ts'
import { type Message, sendMessage } from './chat-queries.ts'
import { chatWords as words } from './chat-words.ts'

export interface Outgoing {
  client_id: string
  text: string
  /** Why it was not sent; undefined while it is sent. */
  failure?: string
}

/** By viewer and reader. */
const outbox = createStore<Record<string, Outgoing[]>>({})
const NONE: Outgoing[] = []

/** Of each chat the last message that is being sent: the next waits for it, so that they arrive as they were typed. */
const sending = new Map<string, Promise<void>>()

const change = (key: string, edit: (messages: Outgoing[]) => Outgoing[]) =>
  outbox.set({ ...outbox.get(), [key]: edit(outbox.get()[key] ?? NONE) })

/** `loaded`: the messages of the chat, of which those that were sent leave the outbox. */
export function useOutbox(viewer: string, reader: string, loaded: Message[]) {
  const key = `${viewer} ${reader}`
  const messages = useSyncExternalStore(outbox.subscribe, () => outbox.get()[key] ?? NONE)
  useEffect(() => {
    const sent = new Set(loaded.map(message => message.client_id))
    if (messages.some(({ client_id }) => sent.has(client_id))) change(key, all => all.filter(({ client_id }) => !sent.has(client_id)))
  }, [key, loaded, messages])

  /** Resolves when the server has it, or has refused it. */
  async function send({ client_id, text }: Outgoing): Promise<void> {
    change(key, all => [...all.filter(each => each.client_id !== client_id), { client_id, text }])
    const post = () =>
      sendMessage(reader, { client_id, text }).then(
        () => {},
        err => change(key, all => all.map(each => (each.client_id === client_id ? { ...each, failure: explain(err) } : each))),
      )
    const sent = (sending.get(key) ?? Promise.resolve()).then(post)
    sending.set(key, sent)
    await sent
    if (sending.get(key) === sent) sending.delete(key)
  }
  const discard = (clientId: string) => change(key, all => all.filter(each => each.client_id !== clientId))
  return { messages, send, discard }
}

/** What follows is the words. */
const NOT_ALLOWED = /^The text contains words that are not allowed here: (.*)$/

function explain(err: unknown): string {
  if (!(err instanceof ApiError) || err.status >= 500) return words.notSent
  const refused = NOT_ALLOWED.exec(err.message)?.[1]
  if (refused !== undefined) return words.notAllowed(refused)
  if (err.status === 429) return words.fast
  if (err.status !== 403) return words.notSent
  return err.message === 'Please wait for an answer.' ? words.waitForAnswer : words.cannotWrite
}
