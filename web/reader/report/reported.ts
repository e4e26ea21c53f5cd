import { asReader } from '../../shared/api/session.ts'
import { createStore } from '../../shared/store.ts'

/** `chat`: the other reader of the chat. */
export type Reported = { article: string } | { comment: string } | { chat: string; message: number }

/** What the app shows the sheet for. Not a state of a card: signing in replaces the cards. */
export const reported = createStore<Reported | undefined>(undefined)

/** Asks what is wrong with it. A device signs in first. */
export const report = (target: Reported): void => asReader(() => reported.set(target))
