// After a kill: compares the database with the ledger, and requests served pages again.

import assert from 'node:assert/strict'
import { eventually } from '../../support/waiting.ts'
import type { Ledger } from './ledger.ts'
import { type Readers, sendJson } from './readers.ts'
import { readAcknowledged } from './rows.ts'

const WRITE_DELAY_MS = 50 // for so long the product buffers writes that a GET implies
const NEWEST_PAGES = 25 // those that the kill may have met

interface Kill {
  dataDir: string
  ledger: Ledger
  /** In milliseconds of `performance.now()`. */
  killedAt: number
  /** How long a write that a GET implies may take once it has begun. */
  readWriteMs: number
}

export async function verifyRows({ dataDir, ledger, killedAt, readWriteMs }: Kill): Promise<void> {
  const { figures } = ledger
  const stored = await readAcknowledged(dataDir)
  const lost: string[] = []
  for (const { id, position } of ledger.readers) {
    if (!stored.readers.has(id)) lost.push(`reader ${id}`)
    const found = stored.positionByReader.get(id) ?? 0
    if (position.acknowledged > 0 && found !== position.acknowledged && found !== position.requested)
      lost.push(`channels of ${id}: ${found} instead of ${position.acknowledged}`)
    position.acknowledged = position.acknowledged > 0 ? found : 0
  }
  for (const [session, reader] of ledger.sessions) if (stored.readerBySession.get(session) !== reader) lost.push(`session ${session}`)

  // An open just before the kill may be lost.
  const missing = ledger.opens.filter(({ viewer, pageId, articleId }) => !stored.clicks.has(`${viewer} ${pageId} ${articleId}`))
  for (const { at, viewer, articleId, isStored } of missing)
    if (isStored || at < killedAt - WRITE_DELAY_MS - readWriteMs)
      lost.push(`${viewer} opened ${articleId}, ${Math.round(killedAt - at)} ms before the kill`)
  figures.opensLost += missing.length
  figures.oldestLostMs = Math.max(figures.oldestLostMs, ...missing.map(open => Math.round(killedAt - open.at)))
  const missingOpens = new Set(missing)
  ledger.opens = ledger.opens.filter(open => !missingOpens.has(open)).map(open => ({ ...open, isStored: true }))
  assert.deepEqual(lost, [], 'what was acknowledged is lost')
}

/** Served pages keep their ids, order and tracking tokens, and the newest reader is still signed in. */
export async function verifyPages(url: string, ledger: Ledger, readers: Readers, { all }: { all: boolean }): Promise<void> {
  for (const served of all ? ledger.pages : ledger.pages.slice(-NEWEST_PAGES)) {
    const page = await eventually(
      () => readers.loadPage(url, served.reader, served.cursor),
      found => found !== undefined,
    )
    assert.deepEqual(page?.content, served.content, `page ${served.cursor} of ${served.reader.id} has changed`)
    assert.equal(page?.id, served.id)
    ledger.figures.rechecked++
  }
  const newest = ledger.readers.at(-1)
  if (newest) assert.equal((await sendJson(url, 'GET', '/app/v1_0/user', { token: newest.token })).status, 200)
}
