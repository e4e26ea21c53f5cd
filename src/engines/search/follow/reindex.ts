// Builds an index anew beside the one that answers: all articles by id, then what has changed meanwhile, then the two change
// places. A copy that is broken off goes on where it stopped.

import type pg from 'pg'
import type { ArticleId } from '../../../base/id.ts'
import { conflict } from '../../../base/problem.ts'
import { tryWithAdvisoryLock } from '../../database/advisory-lock.ts'
import type { Db } from '../../database/database.ts'
import { readEndPosition } from '../../log/log-rows.sql.ts'
import { switchSlots } from '../postgres/slots.sql.ts'
import type { SearchEngine } from '../search.ts'
import type { Indexer } from './entries.ts'
import type { SearchFollower } from './follower.ts'
import { beginCopying, discardCopy, endCopying, noteCopied, readCopying } from './positions.sql.ts'
import { countPublished } from './source.sql.ts'

export interface ReindexNeeds {
  db: Db
  pool: pg.Pool
  engine: SearchEngine
  follower: SearchFollower
  indexer: Indexer
}

export interface ReindexReport {
  engine: SearchEngine['name']
  copied: number
  resumed: boolean
  seconds: number
}

/** Each is one transaction, of some tens of milliseconds. */
const BATCH = 500

export interface ReindexOptions {
  signal: AbortSignal
  onProgress?: (copied: number, total: number) => void
}

/** One process at a time reindexes an engine; another one gets a conflict. */
export async function reindex(needs: ReindexNeeds, options: ReindexOptions): Promise<ReindexReport> {
  const { name } = needs.engine
  const attempt = await tryWithAdvisoryLock(needs.pool, ['search-reindex', name], () => copyAndSwap(needs, options))
  if (!attempt.acquired) throw conflict(`${name} is being reindexed already`)
  return attempt.result
}

async function copyAndSwap(needs: ReindexNeeds, { signal, onProgress }: ReindexOptions): Promise<ReindexReport> {
  const { db, engine, follower, indexer } = needs
  const began = performance.now()
  const { incarnation } = await readEndPosition(db)
  const before = await readCopying(db, engine.name)
  const resumed = before !== undefined && before.incarnation === incarnation
  if (!resumed) await begin(needs)
  const from = (await readCopying(db, engine.name)) ?? { copiedId: 0n as ArticleId, copied: 0, total: 0 }
  const { total } = from
  let { copiedId, copied } = from
  for (;;) {
    signal.throwIfAborted()
    const some = await indexer.copy(engine, copiedId, BATCH)
    if (!some) break
    await noteCopied(db, engine.name, some.last, some.many)
    copiedId = some.last
    copied += some.many
    onProgress?.(copied, total)
  }
  await engine.swap('prepare')
  // The log no longer reaches back to where the copy began.
  if ((await follower.catchUp('aside')) === 'lost') {
    await discardCopy(db, engine.name)
    throw conflict('the change log was shortened while the index was copied: start again')
  }
  await engine.swap('finish')
  if (engine.name !== 'postgres') await switchSlots(db, engine.name)
  await endCopying(db, engine.name)
  await discardCopy(db, engine.name)
  await follower.catchUp()
  return { engine: engine.name, copied, resumed, seconds: Math.round(performance.now() - began) / 1_000 }
}

async function begin({ db, engine }: ReindexNeeds): Promise<void> {
  // The end of the log before anything is read: what changes from now on is read again afterwards.
  const position = await readEndPosition(db)
  await discardCopy(db, engine.name)
  await engine.swap('begin')
  await beginCopying(db, engine.name, position, await countPublished(db))
}
