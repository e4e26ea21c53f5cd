// Messages that the server may not have yet, as this browser keeps them: for all tabs, and when the page is closed.

import { permanentStorage } from '../../shared/storage.ts'
import { createStore } from '../../shared/store.ts'

export interface Outgoing {
  /** Who wrote it, and to whom. */
  viewer: string
  reader: string
  client_id: string
  text: string
  /** Why the server does not have it. Undefined while it is sent. */
  failure?: string
  /** The server does not take it: it is sent again only if its writer wants that. */
  isRefused?: boolean
  /** The server has it. It is shown until it is loaded, and no longer kept. */
  isSent?: boolean
}

const NAME = 'outbox'

export const outbox = createStore(permanentStorage.get<Outgoing[]>(NAME) ?? [])

export function changeOutbox(edit: (messages: Outgoing[]) => Outgoing[]): void {
  const messages = edit(outbox.get())
  const kept = messages.filter(({ isSent }) => !isSent)
  if (kept.length > 0) permanentStorage.set(NAME, kept)
  else permanentStorage.remove(NAME)
  outbox.set(messages)
}

/** For a reader who signs out. */
export const forgetOutbox = (): void => changeOutbox(() => [])

// Another tab has changed it.
addEventListener('storage', ({ key, newValue }) => {
  if (key !== `broadsheet.${NAME}`) return
  const kept = newValue === null ? [] : (JSON.parse(newValue) as Outgoing[])
  outbox.set([...outbox.get().filter(({ isSent }) => isSent), ...kept])
})
