// Clicks on their way to PostgreSQL. A GET that opens an article does not wait for its click: clicks are buffered and written
// in batches, within the 50 ms that may be lost with the process. While PostgreSQL is down they stay in the buffer.

import type { ReaderId } from '../../base/id.ts'
import type { Log } from '../../base/log.ts'
import { type Db, isDatabaseUnavailable } from '../../engines/database/database.ts'
import { type ClickRow, insertClicks } from './behaviours.sql.ts'
import { READING_HISTORY_MAX, trimHistories } from './reading-history.sql.ts'

const FLUSH_MS = 20 // a page requested 50 ms after the click must reflect it
const RETRY_MS = 1_000 // between attempts while the database is down
const BATCH_MAX = 500
const BUFFER_MAX = 10_000 // beyond that, the oldest clicks are dropped and the log says so

export function createClickBuffer({ db, log }: { db: Db; log: Log }) {
  let buffer: ClickRow[] = []
  let flushing: Promise<void> | undefined
  const untrimmedReaders = new Set<ReaderId>()
  let trimming: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let databaseDown = false

  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    // One batch at a time, so that clicks are written in their order.
    while (flushing) await flushing
    const batch = buffer.splice(0, BATCH_MAX)
    if (batch.length === 0) return
    flushing = write(batch).finally(() => {
      flushing = undefined
    })
    await flushing
    if (buffer.length > 0) timer ??= setTimeout(flush, databaseDown ? RETRY_MS : FLUSH_MS)
  }

  async function write(batch: ClickRow[]): Promise<void> {
    try {
      await insertClicks(db, batch)
      if (databaseDown) log.info('behaviours are written again')
      databaseDown = false
      for (const { readerId } of batch) if (readerId !== undefined) untrimmedReaders.add(readerId)
      if (untrimmedReaders.size > 0)
        trimming ??= trim().finally(() => {
          trimming = undefined
        })
    } catch (err) {
      if (isDatabaseUnavailable(err as Error)) {
        if (!databaseDown) log.warn({ err: (err as Error).message, count: batch.length }, 'behaviours wait for the database')
        databaseDown = true
        const unwritten = [...batch, ...buffer]
        buffer = unwritten.slice(-BUFFER_MAX)
        if (unwritten.length > buffer.length) log.error({ count: unwritten.length - buffer.length }, 'behaviours were dropped')
      } else if (batch.length > 1) {
        // One click that cannot be written must not take the others with it.
        for (const click of batch) await write([click])
      } else log.error({ err }, 'behaviour could not be written')
    }
  }

  /** Writing does not wait for it. One statement runs at a time, however many readers it covers. */
  async function trim(): Promise<void> {
    for (let readers = [...untrimmedReaders]; readers.length > 0; readers = [...untrimmedReaders]) {
      untrimmedReaders.clear()
      await trimHistories(db, readers, READING_HISTORY_MAX).catch(err => log.warn({ err: err.message }, 'histories could not be trimmed'))
    }
  }

  return {
    add(click: ClickRow): void {
      buffer.push(click)
      timer ??= setTimeout(flush, FLUSH_MS)
    },

    /** Writes the buffered clicks; gives up when a batch makes no progress, as when the database is down. */
    async close(): Promise<void> {
      for (let before = Number.POSITIVE_INFINITY; buffer.length > 0 && buffer.length < before; ) {
        before = buffer.length
        await flush()
      }
      clearTimeout(timer)
      await trimming
    },
  }
}
