// Readers who sign in, arrange their channels, scroll and open articles over HTTP until the server is gone. Everything that
// the server acknowledges goes into the ledger.

import { parseJson } from '../../../src/base/json.ts'
import { pause } from '../../support/waiting.ts'
import type { Ledger, Reader } from './ledger.ts'

const PAGES_PER_READER = 25
const OPENS_PER_PAGE = 2

interface Result {
  art_id: bigint
  trace: { click: string }
}

interface RequestOptions {
  token?: string
  json?: unknown
  trace?: string
}

export async function sendJson(url: string, method: string, path: string, { token, json, trace }: RequestOptions = {}) {
  const headers: Record<string, string> = {}
  if (token) headers.authorization = `Bearer ${token}`
  if (json) headers['content-type'] = 'application/json'
  if (trace) headers.trace = trace
  const body = json ? JSON.stringify(json) : undefined
  const answer = await fetch(url + path, { method, headers, body, signal: AbortSignal.timeout(60_000) })
  const { data } = parseJson(await answer.text()) as { data: Record<string, unknown> }
  return { status: answer.status, source: answer.headers.get('x-feed-source'), data }
}

/** `restMs`: between two steps of a reader. */
export function createReaders(ledger: Ledger, restMs: number) {
  const { figures } = ledger
  let mobile = 13_000_000_000
  let lastPosition = 0

  async function signIn(url: string): Promise<Reader | undefined> {
    const { status, data } = await sendJson(url, 'POST', '/app/v1_0/authorizations', { json: { mobile: String(mobile++), code: '246810' } })
    if (status !== 201) return void figures.refused++
    const token = data.token as string
    const claims = JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString()) as { user_id: string; sid: string }
    const reader = { id: BigInt(claims.user_id), token, position: { acknowledged: 0, requested: 0 } }
    ledger.recordId(reader.id, `reader ${reader.id}`)
    ledger.recordId(BigInt(claims.sid), `session of ${reader.id}`)
    ledger.readers.push(reader)
    ledger.sessions.set(BigInt(claims.sid), reader.id)
    return reader
  }

  async function moveChannel(url: string, reader: Reader): Promise<void> {
    const { position } = reader
    position.requested = ++lastPosition
    const json = { channels: [{ id: 1, seq: position.requested }] }
    const { status } = await sendJson(url, 'PATCH', '/app/v1_0/user/channels', { token: reader.token, json })
    if (status !== 201) return void figures.refused++
    position.acknowledged = position.requested
    figures.patches++
  }

  /** Undefined if the request was refused, or answered with a fallback page, which is not stored. */
  async function loadPage(url: string, reader: Reader, cursor: bigint | number) {
    const path = `/app/v1_1/articles?channel_id=0&timestamp=${cursor}&with_top=0`
    const { status, source, data } = await sendJson(url, 'GET', path, { token: reader.token })
    if (status !== 200) return void figures.refused++
    const results = data.results as Result[]
    const first = results[0]
    if (!first || (source !== 'model' && source !== 'remainder')) return undefined
    const id = Buffer.from(first.trace.click.slice(1), 'base64url').readBigUInt64BE(6) // of the page, in the tracking token
    const nextCursor = data.pre_timestamp as number
    return { id, results, nextCursor, content: { ids: results.map(one => one.art_id), traces: results.map(one => one.trace), nextCursor } }
  }

  async function scroll(url: string, reader: Reader): Promise<void> {
    let cursor = Date.now()
    for (let pages = 0; pages < PAGES_PER_READER; pages++) {
      const page = await loadPage(url, reader, cursor)
      if (!page) return
      ledger.recordId(page.id, `page ${cursor} of ${reader.id}`)
      // The first page is requested by the reader's clock. After two minutes that cursor means another page.
      if (pages > 0) ledger.pages.push({ reader, cursor: BigInt(cursor), id: page.id, content: page.content })
      for (const { art_id: articleId, trace } of page.results.slice(0, OPENS_PER_PAGE)) {
        const { status } = await sendJson(url, 'GET', `/app/v1_0/articles/${articleId}`, { token: reader.token, trace: trace.click })
        if (status === 200) ledger.opens.push({ viewer: `r${reader.id}`, pageId: page.id, articleId, at: performance.now() })
      }
      cursor = page.nextCursor
      await pause(restMs)
    }
  }

  /** Nine clients at once. Resolves when the server is gone and every request fails. */
  async function keepBusy(url: string): Promise<void> {
    const forever = async (step: () => Promise<unknown>): Promise<never> => {
      for (;;) {
        await step()
        await pause(restMs)
      }
    }
    // One client at a time writes a reader's list, so that the last write is known.
    const writing = new Set<Reader>()
    const moveOfAny = async () => {
      const reader = ledger.readers[Math.floor(Math.random() * ledger.readers.length)] as Reader
      if (writing.has(reader)) return pause(1)
      writing.add(reader)
      await moveChannel(url, reader).finally(() => writing.delete(reader))
    }
    const readOne = async () => {
      const reader = await signIn(url)
      if (reader) await scroll(url, reader)
    }
    const clients = [...Array(2).fill(() => signIn(url)), ...Array(3).fill(moveOfAny), ...Array(4).fill(readOne)]
    await Promise.allSettled(clients.map(forever))
  }

  return { keepBusy, loadPage }
}
export type Readers = ReturnType<typeof createReaders>
