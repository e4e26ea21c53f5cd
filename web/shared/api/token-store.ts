// The tokens of a session, shared by all tabs and kept when the browser is closed.

import { permanentStorage } from '../storage.ts'
import { createStore, type Store } from '../store.ts'

export interface TokenPair {
  token: string
  refresh_token: string
}

/** Undefined: not signed in. */
export type TokenStore<Tokens> = Store<Tokens | undefined>

export function createTokenStore<Tokens extends TokenPair>(name: string): TokenStore<Tokens> {
  const store = createStore(permanentStorage.get<Tokens>(name))
  // Another tab signed in or out, or renewed the access token.
  addEventListener('storage', event => {
    if (event.key !== `broadsheet.${name}`) return
    store.set(event.newValue === null ? undefined : (JSON.parse(event.newValue) as Tokens))
  })
  return {
    ...store,
    set(next) {
      if (next) permanentStorage.set(name, next)
      else permanentStorage.remove(name)
      store.set(next)
    },
  }
}

/** A claim of an access token, as text; undefined if it has none. */
export function claimOf(token: string, name: string): string | undefined {
  try {
    const claims = token.split('.')[1] as string
    return String(JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/')))[name])
  } catch {
    return undefined
  }
}
