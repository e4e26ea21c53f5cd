// Who we are to the server: a reader with tokens, or a device with a number it gave itself.

import { useSyncExternalStore } from 'react'
import type { Tokens } from '../../reader/api/types.ts'
import { lasting } from '../storage.ts'

const hearers = new Set<() => void>()
let tokens = lasting.get<Tokens>('tokens')

export const currentTokens = (): Tokens | undefined => tokens

export function keepTokens(next: Tokens | undefined): void {
  tokens = next
  if (next) lasting.set('tokens', next)
  else lasting.remove('tokens')
  for (const hear of hearers) hear()
}

// Another tab signed in or out, or renewed.
addEventListener('storage', event => {
  if (event.key !== 'broadsheet.tokens') return
  tokens = event.newValue === null ? undefined : (JSON.parse(event.newValue) as Tokens)
  for (const hear of hearers) hear()
})

export function deviceId(): string {
  const known = lasting.get<string>('device')
  if (known) return known
  // randomUUID exists on secure origins only; getRandomValues everywhere.
  const fresh = Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')
  lasting.set('device', fresh)
  return fresh
}

/** The reader's id, or `device`: what is remembered for one is not shown to the other. */
export function who(): string {
  if (!tokens) return 'device'
  try {
    const claims = tokens.token.split('.')[1] as string
    return String(JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/'))).user_id)
  } catch {
    return 'reader'
  }
}

export function useWho(): string {
  return useSyncExternalStore(hear => {
    hearers.add(hear)
    return () => hearers.delete(hear)
  }, who)
}
