// What viewers do, on its way into the rows. Behaviours that a GET implies (opening an article) wait a moment and go in
// together: one transaction for all that came in meanwhile, within the 50 ms that may be lost with the process.

import { createHash, randomUUID } from 'node:crypto'
import type { ArticleId, PageId } from '../../base/id.ts'
import type { Log } from '../../base/log.ts'
import { type Viewer, viewerKey } from '../../base/viewer.ts'
import { type Db, isDatabaseAway } from '../../engines/database/database.ts'
import type { Trace } from '../../recommend/traces.ts'
import { type Opened, writeOpened } from './behaviours.sql.ts'

export type Behaviours = ReturnType<typeof createBehaviours>

const FLUSH_MS = 20 // a click must be felt by a page asked for 50 ms later
const BATCH_MAX = 500
// What waits while the database is away; beyond that the oldest are given up, which the log says.
const WAITING_MAX = 10_000

export interface Needs {
  db: Db
  log: Log
  readTrace: (text: string, viewer: string | undefined) => Trace | undefined
}

export function createBehaviours({ db, log, readTrace }: Needs) {
  let waiting: Opened[] = []
  let flushing: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined

  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    // One at a time, so that what came first goes in first.
    while (flushing) await flushing
    const batch = waiting.splice(0, BATCH_MAX)
    if (batch.length === 0) return
    flushing = writeOpened(db, batch)
      .catch(err => {
        if (!isDatabaseAway(err)) return log.error({ err, count: batch.length }, 'behaviours could not be written')
        log.warn({ err: err.message, count: batch.length }, 'behaviours wait for the database')
        waiting = [...batch, ...waiting].slice(-WAITING_MAX)
      })
      .finally(() => {
        flushing = undefined
      })
    await flushing
    if (waiting.length > 0) timer ??= setTimeout(flush, FLUSH_MS)
  }

  return {
    /** Somebody opened an article; `trace` is what the client sent along, ours or not. */
    opened(viewer: Viewer, articleId: ArticleId, trace: string | undefined): void {
      const key = viewerKey(viewer)
      const from = trace === undefined ? undefined : readTrace(trace, key)
      const ours = from?.action === 'click' && from.articleId === articleId ? from : undefined
      waiting.push({
        id: ours ? onceFor(ours.pageId, articleId) : randomUUID(),
        viewer: key,
        readerId: viewer.kind === 'reader' ? viewer.id : undefined,
        articleId,
        pageId: ours?.pageId,
        position: ours?.position,
      })
      timer ??= setTimeout(flush, FLUSH_MS)
    },
    flush,
  }
}

/** A click on one place of one page counts once, however often its trace comes back. */
function onceFor(pageId: PageId, articleId: ArticleId): string {
  const hash = createHash('sha256').update(`click ${pageId} ${articleId}`).digest('hex')
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`
}
