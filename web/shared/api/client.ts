// Sends requests to the API. After a 401 the access token is renewed, once for all requests that wait for it,
// and the request is sent again. If the server refuses the renewal, the session is over.

import { showNotice } from '../notice.tsx'
import { sharedWords } from '../words.ts'
import { currentTokens, deviceId, requestSignIn, storeTokens } from './session.ts'

export class ApiError extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export interface ApiRequest {
  /** Of the API. Default: that of existing clients. */
  generation?: 'v1_0' | 'v1'
  method?: string
  /** Sent as the device, also by a reader. */
  asDevice?: boolean
  /** A form is sent as it is, everything else as JSON. */
  body?: unknown
  /** The tracking token of the card that was clicked. */
  trace?: string
  signal?: AbortSignal
}

const TIMEOUT_MS = 15_000 // after that, readers assume that the page is broken
const UPLOAD_TIMEOUT_MS = 60_000 // as long as the server waits for one

/** Resolves to the `data` of the answer. Rejects with an ApiError for any status but 2xx. */
export function callApi<Data>(path: string, request: ApiRequest = {}): Promise<Data> {
  return withValidToken(request, authorization => send<Data>(path, request, authorization))
}

/** Resolves to the whole answer, to be saved as a file. */
export function downloadFile(path: string, request: ApiRequest = {}): Promise<Blob> {
  return withValidToken(request, async authorization => (await sendRequest(path, request, authorization)).blob())
}

async function withValidToken<Result>({ asDevice }: ApiRequest, work: (authorization: string) => Promise<Result>): Promise<Result> {
  const tokens = asDevice ? undefined : currentTokens()
  try {
    return await work(tokens ? `Bearer ${tokens.token}` : `Anony ${deviceId()}`)
  } catch (err) {
    if (!tokens || !(err instanceof ApiError) || err.status !== 401) throw err
    return work(`Bearer ${await renew(tokens.token)}`)
  }
}

async function send<Data>(path: string, request: ApiRequest, authorization: string): Promise<Data> {
  const answer = await sendRequest(path, request, authorization)
  const json = await answer.json().catch(() => undefined)
  return json?.data as Data
}

async function sendRequest(
  path: string,
  { generation = 'v1_0', method = 'GET', body, trace, signal }: ApiRequest,
  authorization: string,
): Promise<Response> {
  const isForm = body instanceof FormData
  const timeout = AbortSignal.timeout(isForm ? UPLOAD_TIMEOUT_MS : TIMEOUT_MS)
  const answer = await fetch(`/${generation}/${path}`, {
    method,
    headers: {
      authorization,
      ...(trace ? { trace } : {}),
      ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined || isForm ? body : JSON.stringify(body),
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  })
  if (answer.ok) return answer
  const json = await answer.json().catch(() => undefined)
  throw new ApiError(answer.status, json?.message ?? answer.statusText)
}

let renewal: Promise<string> | undefined

/** Resolves to a new access token. Concurrent calls share one request. */
function renew(expired: string): Promise<string> {
  renewal ??= requestToken(expired).finally(() => {
    renewal = undefined
  })
  return renewal
}

async function requestToken(expired: string): Promise<string> {
  const tokens = currentTokens()
  if (tokens && tokens.token !== expired) return tokens.token // another request or tab has renewed it
  try {
    const { token } = await send<{ token: string }>('authorizations', { method: 'PUT' }, `Bearer ${tokens?.refresh_token}`)
    if (tokens) storeTokens({ ...tokens, token })
    return token
  } catch (err) {
    if (err instanceof ApiError && err.status === 403) endSession()
    throw err
  }
}

function endSession(): void {
  if (!currentTokens()) return
  storeTokens(undefined)
  showNotice(sharedWords.signInAgain)
  requestSignIn()
}
