// Reads pending deltas in batches. While a backlog falls on few shards the batches are smaller, because all deltas of a shard go
// to Redis in one command.

import type { Db } from '../../database/database.ts'
import { type LaggingShard, type PendingDeltas, readPendingDeltas } from './deltas.sql.ts'
import { shardName } from './keys.ts'
import { FIELDS_PER_WRITE } from './rebuild.ts'

const DELTAS_PER_READ = 20_000 // a backlog takes several reads, none of which holds Redis up for long

export function createDeltaReader(db: Db, deltasMax = DELTAS_PER_READ) {
  let limit = deltasMax
  return async (from: string, lagging: LaggingShard[]): Promise<PendingDeltas> => {
    let pending = await readPendingDeltas(db, from, lagging, limit)
    if (limit > FIELDS_PER_WRITE && mostFieldsOfAShard(pending) > FIELDS_PER_WRITE) {
      limit = FIELDS_PER_WRITE
      pending = await readPendingDeltas(db, from, lagging, limit)
    }
    if (pending.upTo === pending.xmin) limit = deltasMax
    return pending
  }
}

const mostFieldsOfAShard = ({ sums }: PendingDeltas) => Math.max(0, ...[...Map.groupBy(sums, shardName).values()].map(some => some.length))
