// Follows and blocks. A reader never follows and blocks the same reader: the later request replaces the earlier.

import type { ReaderId } from '../../base/id.ts'
import { invalid } from '../../base/problem.ts'
import type { Viewer } from '../../base/viewer.ts'
import type { Counters } from '../../engines/counters/counters.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { type PagingParams, toOffsetLimit, toPagedResponse } from '../../http/paging.ts'
import { listFollows } from './profiles.sql.ts'
import { photoPath } from './profiles.ts'
import { addBlocking, addFollowing, listBlocked, lockRelations, removeBlocking, removeFollowing } from './relations.sql.ts'

export type Relations = ReturnType<typeof createRelations>

export const NO_READER = 'Invalid target user id.'

export interface Needs {
  db: Db
  counters: Counters
  /** Whether a number can be an id at all, so that others are refused without a query. */
  isPlausibleId: (id: bigint) => boolean
  absoluteUrl: (path: string) => string
}

export function createRelations({ db, counters, isPlausibleId, absoluteUrl }: Needs) {
  async function changeRelation(
    readerId: ReaderId,
    target: ReaderId,
    selfRefusal: string,
    write: (tx: Tx) => Promise<void>,
  ): Promise<void> {
    if (readerId === target) throw invalid(selfRefusal)
    if (!isPlausibleId(target)) throw invalid(NO_READER)
    await db.transaction().execute(async tx => {
      if (!(await lockRelations(tx, readerId, target))) throw invalid(NO_READER)
      await write(tx)
    })
    await noteOwnCounts(readerId, target)
  }

  /** The reader's next read of these counts includes this change. */
  const noteOwnCounts = (readerId: ReaderId, target: ReaderId) =>
    counters.noteOwnWrite({ kind: 'reader', id: readerId }, ['reader.followers', 'reader.followings'], [readerId, target])

  async function page(viewer: Viewer, id: ReaderId, side: 'followings' | 'followers', paging: PagingParams) {
    const rows = await listFollows(db, id, side, toOffsetLimit(paging))
    const count = await counters.read(['reader.followers', `reader.${side}`], [id, ...rows.map(row => row.id)], viewer)
    const results = rows.map(row => ({
      id: row.id,
      name: row.name,
      photo: absoluteUrl(photoPath(row.id, row.photo)),
      fans_count: count(row.id, 'reader.followers'),
      mutual_follow: row.mutual,
    }))
    return toPagedResponse(paging, count(id, `reader.${side}`), results)
  }

  return {
    follow: (readerId: ReaderId, target: ReaderId) =>
      changeRelation(readerId, target, 'User cannot follow self.', async tx => {
        await removeBlocking(tx, readerId, target)
        await addFollowing(tx, readerId, target)
      }),
    unfollow: (readerId: ReaderId, target: ReaderId) => removeFollowing(db, readerId, target).then(() => noteOwnCounts(readerId, target)),

    block: (readerId: ReaderId, target: ReaderId) =>
      changeRelation(readerId, target, 'User cannot blacklist self.', async tx => {
        await removeFollowing(tx, readerId, target)
        await addBlocking(tx, readerId, target)
      }),
    unblock: (readerId: ReaderId, target: ReaderId) => removeBlocking(db, readerId, target),

    /** The readers that a reader blocks, the newest first. */
    async blocked(id: ReaderId, paging: PagingParams) {
      const { total, rows } = await listBlocked(db, id, toOffsetLimit(paging))
      const results = rows.map(row => ({ id: row.id, name: row.name, photo: absoluteUrl(photoPath(row.id, row.photo)) }))
      return toPagedResponse(paging, total, results)
    },

    followings: (viewer: Viewer, id: ReaderId, paging: PagingParams) => page(viewer, id, 'followings', paging),
    followers: (viewer: Viewer, id: ReaderId, paging: PagingParams) => page(viewer, id, 'followers', paging),
  }
}
