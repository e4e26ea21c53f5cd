// The jobs of stored files: rows that nothing refers to, objects of deleted rows, and what interrupted uploads left.

import { HOUR, MINUTE } from '../../base/clock.ts'
import type { Job } from '../../base/job.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Files as FileStore } from '../../engines/files/files.ts'
import { keysOf } from './file-keys.ts'
import { deleteRemovals, deleteUnusedFiles, listRemovals } from './files.sql.ts'

/** Long enough to write an article around a picture. */
const UNUSED_HOURS = 24
/** Longer than an upload may take: one that was under way when its row was deleted has written its objects by then. */
const SETTLE_SECONDS = 300
const ROWS = 500 // a transaction
const OBJECTS = 100 // files at a time; each has up to four objects

export function createFileJobs({ db, store }: { db: Db; store: FileStore }): Job[] {
  return [
    {
      name: 'drop-files',
      about: `deletes files that nothing has referred to for ${UNUSED_HOURS} hours`,
      schedule: 'every 1h',
      timeoutMs: 5 * MINUTE,
      run: ({ signal }) => repeat(signal, ROWS, () => deleteUnusedFiles(db, { hours: UNUSED_HOURS, limit: ROWS })),
    },
    {
      name: 'drop-objects',
      about: 'removes the objects of deleted files from the file store',
      schedule: 'every 5m',
      timeoutMs: 5 * MINUTE,
      run: ({ signal }) =>
        repeat(signal, OBJECTS, async () => {
          const removals = await listRemovals(db, { seconds: SETTLE_SECONDS, limit: OBJECTS })
          await store.remove(removals.flatMap(keysOf))
          await deleteRemovals(
            db,
            removals.map(({ file_id }) => file_id),
          )
          return removals.length
        }),
    },
    {
      name: 'drop-uploads',
      about: 'removes what interrupted uploads left in the file store a day ago',
      schedule: '15 4 * * *',
      timeoutMs: 5 * MINUTE,
      run: async ({ slot }) => ({ dropped: await store.removeAbandoned(new Date(slot.getTime() - 24 * HOUR)) }),
    },
  ]
}

/** Until a step has done less than `full`. */
async function repeat(signal: AbortSignal, full: number, step: () => Promise<number>): Promise<{ dropped: number }> {
  let dropped = 0
  for (let last = full; last >= full && !signal.aborted; dropped += last) last = await step()
  return { dropped }
}
