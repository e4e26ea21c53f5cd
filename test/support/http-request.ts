// Requests over node:http, which fetch cannot make: over a given agent, or with a body that is held back half-way.

import assert from 'node:assert/strict'
import { type Agent, request } from 'node:http'
import { PATIENCE_MS } from './waiting.ts'

export interface HttpAnswer {
  status: number
  /** Whether the server announced that it closes the connection. */
  closes: boolean
  body: string
}

export interface HttpRequest {
  method?: string
  token?: string
  json?: unknown
  /** The second half of the body is sent when this resolves. */
  restAfter?: Promise<void>
  /** With `restAfter`: called when the server has begun to handle the request. */
  onBegun?: () => void
  agent?: Agent
}

export function sendRequest(url: string, path: string, options: HttpRequest = {}): Promise<HttpAnswer> {
  const { method = 'GET', token, json, restAfter, onBegun, agent = false } = options
  return new Promise((resolve, reject) => {
    const body = json === undefined ? '' : JSON.stringify(json)
    const headers = {
      ...(body ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } : {}),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(restAfter === undefined ? {} : { expect: '100-continue' }),
    }
    const sent = request(url + path, { method, headers, agent, signal: AbortSignal.timeout(3 * PATIENCE_MS) }, answer => {
      let text = ''
      answer.setEncoding('utf8').on('data', piece => {
        text += piece
      })
      answer.on('error', reject)
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, closes: answer.headers.connection === 'close', body: text }))
    })
    sent.on('error', reject)
    if (restAfter === undefined) return void sent.end(body)
    sent.on('continue', () => {
      sent.write(body.slice(0, body.length / 2))
      void restAfter.then(() => sent.end(body.slice(body.length / 2)))
      onBegun?.()
    })
    sent.flushHeaders()
  })
}

/** Signs a reader in and returns the access token. */
export async function signIn(url: string, mobile: string): Promise<string> {
  const { status, body } = await sendRequest(url, '/app/v1_0/authorizations', { method: 'POST', json: { mobile, code: '246810' } })
  assert.equal(status, 201, body)
  return JSON.parse(body).data.token
}
