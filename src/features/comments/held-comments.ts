// Editors decide about comments in which a sensitive word was found.

import type { CommentId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Operator } from '../../http/access.ts'
import type { AdminPage } from '../../http/admin-lists.ts'
import type { OperationLog } from '../admins/operation-log.ts'
import { decideHeldComments, listHeldComments } from './held-comments.sql.ts'

export type HeldComments = ReturnType<typeof createHeldComments>

export function createHeldComments({ db, operationLog }: { db: Db; operationLog: OperationLog }) {
  return {
    list: (page: AdminPage) => listHeldComments(db, page),

    /** Returns how many of them were waiting, and are decided now. */
    async decide(operator: Operator, ids: CommentId[], approve: boolean): Promise<number> {
      return operationLog.change(operator, async (tx, note) => {
        const decided = await decideHeldComments(tx, ids, approve)
        const operation = approve ? 'approve comment' : 'reject comment'
        for (const { id, author_id } of decided)
          note({ operation, description: `${id} of reader ${author_id}`, before: { status: 0 }, after: { status: approve ? 1 : 2 } })
        return decided.length
      })
    },
  }
}
