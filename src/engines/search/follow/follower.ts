// Keeps one index in step with the rows: reads the change log on from where its slot stands and refreshes each article that
// changed. What was done is done again after a crash, which harms nothing: an entry with an older version is refused.

import type { ArticleId } from '../../../base/id.ts'
import type { Log } from '../../../base/log.ts'
import type { Db } from '../../database/database.ts'
import { CHANGE_COLUMNS, type LoggedChange } from '../../log/change-log.ts'
import { createLagTracker, type LagMetric } from '../../log/lag.ts'
import { readRowsAfter } from '../../log/log-rows.sql.ts'
import type { Place, SearchEngine } from '../search.ts'
import type { Indexer } from './entries.ts'
import { advancePosition, readPosition } from './positions.sql.ts'

export interface FollowerNeeds {
  db: Db
  engine: SearchEngine
  indexer: Indexer
  lags?: LagMetric
  log: Log
}

export type Outcome =
  /** Everything committed before the call is in the index. */
  | 'caught up'
  /** What the slot holds cannot be brought up to date: everything has to be copied. */
  | 'lost'

export interface SearchFollower {
  catchUp(place?: Place): Promise<Outcome>
}

/** Analysed and written in some tenths of a second at most. */
const CHANGES_MAX = 500

export function createSearchFollower({ db, engine, indexer, lags }: FollowerNeeds): SearchFollower {
  const lag = createLagTracker(() => performance.now())
  lags?.add(`search ${engine.name}`, lag.seconds)

  return {
    async catchUp(place = 'live') {
      for (;;) {
        const at = performance.now()
        const position = await readPosition(db, engine.name, place)
        if (!position) return 'lost'
        const { rows, end } = await readRowsAfter<LoggedChange>(db, 'change', {
          columns: CHANGE_COLUMNS,
          after: position,
          limit: CHANGES_MAX,
        })
        if (end.incarnation !== position.incarnation || BigInt(end.floor) > BigInt(position.xid)) return 'lost'
        const ids = [...new Set(rows.filter(row => row.topic === 'article').map(row => row.key as ArticleId))]
        if (ids.length > 0) await indexer.refresh(engine, ids, place)
        const last = rows.at(-1)
        const whole = rows.length < CHANGES_MAX
        const next = whole ? { xid: end.xmin, seq: 0n } : { xid: (last as LoggedChange).xid, seq: (last as LoggedChange).seq }
        // At rest nothing is written.
        const moved = rows.length > 0 ? await advancePosition(db, engine.name, place, position, next) : true
        if (place === 'live') lag.observeEnd(end, BigInt(next.xid), at)
        if (whole && moved) return 'caught up'
      }
    },
  }
}
