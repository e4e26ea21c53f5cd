// Who the viewer is to the server: a reader with tokens, or a device with an id it made up itself.

import { useSyncExternalStore } from 'react'
import type { Tokens as TokensSchema } from '../../../src/features/accounts/accounts.schema.ts'
import { randomId } from '../random-id.ts'
import { permanentStorage } from '../storage.ts'
import type { AsJson } from './as-json.ts'
import { claimOf, createTokenStore } from './token-store.ts'

export type Tokens = AsJson<TokensSchema>

export const readerTokens = createTokenStore<Tokens>('tokens')

export const currentTokens = readerTokens.get

/** Undefined signs the reader out. */
export const storeTokens = readerTokens.set

function deviceId(): string {
  const stored = permanentStorage.get<string>('device')
  if (stored) return stored
  const id = randomId()
  permanentStorage.set('device', id)
  return id
}

/** The `authorization` of a viewer who is not signed in. */
export const deviceHeader = () => `Anony ${deviceId()}`

/** The reader's id, or `device`. Part of every query key: what was loaded for one viewer is not shown to another. */
export function currentViewer(): string {
  const token = readerTokens.get()?.token
  return token ? (claimOf(token, 'user_id') ?? 'reader') : 'device'
}

export const useViewer = (): string => useSyncExternalStore(readerTokens.subscribe, currentViewer)

/** Undefined for a device. A new one replaces it every two hours. */
export const useAccessToken = (): string | undefined => useSyncExternalStore(readerTokens.subscribe, () => readerTokens.get()?.token)

const SIGN_IN_REQUESTED = 'broadsheet:sign-in'

/** What the reader wanted to do and needs an account for. */
let intended: (() => void) | undefined

/** Asks the app to open its sign-in form. `then`: what is done when the reader has signed in. */
export function requestSignIn(then?: () => void): void {
  intended = then
  dispatchEvent(new Event(SIGN_IN_REQUESTED))
}

/** Returns a function that removes the listener. */
export function onSignInRequested(listener: () => void): () => void {
  addEventListener(SIGN_IN_REQUESTED, listener)
  return () => removeEventListener(SIGN_IN_REQUESTED, listener)
}

/** For the sign-in form, when it has succeeded. */
export function doWhatWasIntended(): void {
  const action = intended
  intended = undefined
  action?.()
}

/** Does it now for a reader, and for a device when they have signed in. */
export function asReader(action: () => void): void {
  if (currentViewer() === 'device') requestSignIn(action)
  else action()
}
