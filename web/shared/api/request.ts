// Sends one request to the API.

import { LANGUAGE } from '../language.ts'
import { noteReachable } from './reachable.ts'

/** What the server says for clients that have words of their own. */
interface Refusal {
  /** Which rule. */
  reason?: string
  /** Which part of the request. */
  field?: string
  words?: string[]
}

export class ApiError extends Error {
  readonly status: number
  readonly refusal: Refusal
  constructor(status: number, message: string, refusal: Refusal = {}) {
    super(message)
    this.status = status
    this.refusal = refusal
  }
}

export interface ApiRequest {
  /** Of the API. Default: that of existing clients. */
  generation?: 'v1_0' | 'v1'
  method?: string
  /** Sent as by a viewer who is not signed in. */
  asGuest?: boolean
  /** A form is sent as it is, everything else as JSON. */
  body?: unknown
  /** The tracking token of the card that was clicked. */
  trace?: string
  /** Names the request: sent again with it, it is carried out once. */
  idempotencyKey?: string
  signal?: AbortSignal
  /** Longer than usual for what the server needs time for. */
  timeoutMs?: number
  /** Sent to its end although the page is left. Browsers allow 64 KiB. */
  keepalive?: boolean
}

const TIMEOUT_MS = 15_000 // after that, readers assume that the page is broken
const UPLOAD_TIMEOUT_MS = 60_000 // as long as the server waits for one

export async function sendForData<Data>(path: string, request: ApiRequest, authorization: string | undefined): Promise<Data> {
  const answer = await sendRequest(path, request, authorization)
  const json = await answer.json().catch(() => undefined)
  return json?.data as Data
}

/** Rejects with an ApiError for any status but 2xx. */
export async function sendRequest(
  path: string,
  { generation = 'v1_0', method = 'GET', body, trace, idempotencyKey, signal, timeoutMs = TIMEOUT_MS, keepalive = false }: ApiRequest,
  authorization: string | undefined,
): Promise<Response> {
  const isForm = body instanceof FormData
  const timeout = AbortSignal.timeout(isForm ? UPLOAD_TIMEOUT_MS : timeoutMs)
  const sent = fetch(`/${generation}/${path}`, {
    method,
    keepalive,
    headers: {
      'accept-language': LANGUAGE, // which may not be the browser's
      ...(authorization ? { authorization } : {}),
      ...(trace ? { trace } : {}),
      ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}),
      ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined || isForm ? body : JSON.stringify(body),
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  })
  const answer = await noteReachable(sent)
  if (answer.ok) return answer
  const json = await answer.json().catch(() => undefined)
  throw new ApiError(answer.status, json?.message ?? answer.statusText, json ?? {})
}
