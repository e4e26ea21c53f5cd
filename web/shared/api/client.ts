// Asks the API. 401 means the access token has run out: it is renewed once, for everybody who waits, and the request sent
// again. 403 means the session is over.

import { words } from '../../reader/words.ts'
import { notify } from '../notice.tsx'
import { currentTokens, deviceId, keepTokens } from './session.ts'

export class ApiError extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export interface Ask {
  method?: string
  body?: unknown
  /** What led to this: the trace of a card. */
  trace?: string
  signal?: AbortSignal
}

const PATIENCE_MS = 15_000 // beyond it readers think it is broken, and they are right

export async function api<T>(path: string, ask: Ask = {}): Promise<T> {
  const used = currentTokens()
  try {
    return await send<T>(path, ask, used ? `Bearer ${used.token}` : `Anony ${deviceId()}`)
  } catch (err) {
    if (!used || !(err instanceof ApiError)) throw err
    if (err.status === 403) endSession()
    if (err.status !== 401) throw err
    const token = await renew(used.token)
    return send<T>(path, ask, `Bearer ${token}`)
  }
}

async function send<T>(path: string, { method = 'GET', body, trace, signal }: Ask, authorization: string): Promise<T> {
  const patience = AbortSignal.timeout(PATIENCE_MS)
  const answer = await fetch(`/v1_0/${path}`, {
    method,
    headers: {
      authorization,
      ...(trace ? { trace } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: signal ? AbortSignal.any([signal, patience]) : patience,
  })
  const said = await answer.json().catch(() => undefined)
  if (!answer.ok) throw new ApiError(answer.status, said?.message ?? answer.statusText)
  return said?.data as T
}

let renewing: Promise<string> | undefined

/** A new access token in place of one that ran out; many ask at once, one request is made. */
function renew(old: string): Promise<string> {
  renewing ??= renewNow(old).finally(() => {
    renewing = undefined
  })
  return renewing
}

async function renewNow(old: string): Promise<string> {
  const tokens = currentTokens()
  // Another request, or another tab, was quicker.
  if (tokens && tokens.token !== old) return tokens.token
  try {
    const { token } = await send<{ token: string }>('authorizations', { method: 'PUT' }, `Bearer ${tokens?.refresh_token}`)
    if (tokens) keepTokens({ ...tokens, token })
    return token
  } catch (err) {
    if (err instanceof ApiError && err.status === 403) endSession()
    throw err
  }
}

function endSession(): void {
  if (!currentTokens()) return
  keepTokens(undefined)
  notify(words.signInAgain)
  dispatchEvent(new Event('broadsheet:sign-in'))
}
