// Builds an index anew beside the one that answers: all articles by id, then what has changed meanwhile, then the two change
// places. A copy that is broken off goes on where it stopped.

import type { ArticleId } from '../../../base/id.ts'
import { conflict } from '../../../base/problem.ts'
import type { Db } from '../../database/database.ts'
import { CHANGE_COLUMNS, type LoggedChange } from '../../log/change-log.ts'
import type { Snapshot } from '../../log/durable-consumer.ts'
import { type Position, readRowsAfter } from '../../log/log-rows.sql.ts'
import { switchSlots } from '../postgres/slots.sql.ts'
import type { SearchEngine } from '../search.ts'
import { beginCopying, type Copying, discardCopy, noteCopied, noteFollowed, readCopying } from './copying.sql.ts'
import { articlesIn, type Indexer } from './entries.ts'
import { countPublished } from './source.sql.ts'

export interface ReindexNeeds {
  db: Db
  engine: SearchEngine
  indexer: Indexer
}

export interface ReindexReport {
  engine: SearchEngine['name']
  copied: number
  resumed: boolean
  seconds: number
}

export interface ReindexOptions {
  signal: AbortSignal
  onProgress?: (copied: number, total: number) => void
}

/** Each is one transaction, of some tens of milliseconds. */
const BATCH = 500

/** `position`: up to where the new index has followed the log. */
export async function reindex(
  needs: ReindexNeeds,
  snapshot: Snapshot,
  { signal, onProgress }: ReindexOptions,
): Promise<{ position: Position; report: ReindexReport }> {
  const { db, engine, indexer } = needs
  const began = performance.now()
  const before = await readCopying(db, engine.name)
  const resumed = before !== undefined && before.lineage === snapshot.lineage
  const from = resumed ? before : await begin(needs, snapshot)
  let { copiedId, copied } = from
  for (;;) {
    signal.throwIfAborted()
    const some = await indexer.copy(engine, copiedId, BATCH)
    if (!some) break
    await noteCopied(db, engine.name, some.last, some.many)
    copiedId = some.last
    copied += some.many
    onProgress?.(copied, from.total)
  }
  await engine.swap('prepare')
  const position = await followAside(needs, from)
  await snapshot.forget()
  await engine.swap('finish')
  if (engine.name !== 'postgres') await switchSlots(db, engine.name)
  await discardCopy(db, engine.name)
  return { position, report: { engine: engine.name, copied, resumed, seconds: Math.round(performance.now() - began) / 1_000 } }
}

async function begin({ db, engine }: ReindexNeeds, { end, lineage }: Snapshot): Promise<Copying> {
  await discardCopy(db, engine.name)
  await engine.swap('begin')
  const copying = { ...end, lineage, copiedId: 0n as ArticleId, copied: 0, total: await countPublished(db) }
  await beginCopying(db, engine.name, copying)
  return copying
}

/** Reads what has changed since the copy began, so that the new index is not older than the one it replaces. */
async function followAside({ db, engine, indexer }: ReindexNeeds, from: Position): Promise<Position> {
  for (let position = from; ; ) {
    const { rows, end } = await readRowsAfter<LoggedChange>(db, 'change', { columns: CHANGE_COLUMNS, after: position, limit: BATCH })
    if (BigInt(end.floor) > BigInt(position.xid)) {
      await discardCopy(db, engine.name)
      throw conflict('the change log was shortened while the index was copied: start again')
    }
    const ids = articlesIn(rows.filter(row => row.topic === 'article'))
    if (ids.length > 0) await indexer.refresh(engine, ids, 'aside')
    const last = rows.at(-1)
    if (!last || rows.length < BATCH) return { xid: end.xmin, seq: 0n }
    position = { xid: last.xid, seq: last.seq }
    await noteFollowed(db, engine.name, position)
  }
}
