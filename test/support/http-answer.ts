// One HTTP request as a client sends it, and its answer with ids exact.

import { parseJson } from '../../src/base/json.ts'
import { PATIENCE_MS, withDeadline } from './waiting.ts'

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** Parsed JSON. Numbers beyond 2^53 are bigints. */
  // biome-ignore lint: tests read what clients read
  body: any
}

export interface RequestOptions {
  headers?: Record<string, string>
  /** Sent as it is, in place of JSON. A form sets its own content type. */
  body?: string | FormData
  timeoutMs?: number
}

export async function fetchAnswer(
  url: string,
  method: string,
  path: string,
  json?: unknown,
  { headers = {}, body, timeoutMs = 3 * PATIENCE_MS }: RequestOptions = {},
): Promise<Answer> {
  const sent = body ?? (json === undefined ? undefined : JSON.stringify(json, bigintsAsText))
  const type: Record<string, string> = sent === undefined || sent instanceof FormData ? {} : { 'content-type': 'application/json' }
  return withDeadline(timeoutMs, async signal =>
    readAnswer(await fetch(url + path, { method, headers: { ...type, ...headers }, body: sent, signal })),
  )
}

async function readAnswer(answer: Response): Promise<Answer> {
  const text = await answer.text()
  const isJson = answer.headers.get('content-type')?.startsWith('application/json')
  return { status: answer.status, headers: answer.headers, text, body: isJson ? parseJson(text) : undefined }
}

const bigintsAsText = (_key: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)

/** The 503 of a server that has no capacity right now. Clients try again. */
export const isBusy = ({ status, body }: Answer): boolean =>
  status === 503 && /^The (service is busy|search took too long)/.test(body?.message)
