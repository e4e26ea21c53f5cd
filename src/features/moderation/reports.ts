// The queue of what readers reported. An editor decides about a thing once, for all its reports.

import type { ArticleId, CommentId } from '../../base/id.ts'
import { conflict } from '../../base/problem.ts'
import { normalizeText } from '../../base/text.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import type { Operator } from '../../http/access.ts'
import type { OffsetLimit } from '../../http/paging.ts'
import type { OperationLog } from '../admins/operation-log.ts'
import { handleReports, listReported, type ReportKind } from './reports.sql.ts'

export type Reports = ReturnType<typeof createReports>

export interface ReportsNeeds {
  db: Db
  operationLog: OperationLog
  /** All return false if there is nothing to take away any more. */
  removeArticle(tx: Tx, operator: Operator, id: ArticleId, reason: string): Promise<boolean>
  refuseComment(tx: Tx, id: CommentId): Promise<boolean>
  removeMessage(tx: Tx, id: bigint): Promise<boolean>
}

export const REASON_MAX = 200
const DEFAULT_REASON = '读者举报'

export function createReports({ db, operationLog, removeArticle, refuseComment, removeMessage }: ReportsNeeds) {
  const removals: Record<ReportKind, (tx: Tx, operator: Operator, id: bigint, reason: string) => Promise<boolean>> = {
    article: (tx, operator, id, reason) => removeArticle(tx, operator, id as ArticleId, reason),
    comment: (tx, _, id) => refuseComment(tx, id as CommentId),
    message: (tx, _, id) => removeMessage(tx, id),
  }

  /** The back office reads who it was, and what, from this sentence. */
  async function describeConflict(tx: Tx, kind: ReportKind, id: bigint): Promise<string> {
    const operations = [`keep reported ${kind}`, `remove reported ${kind}`]
    const last = await operationLog.findLast(tx, { operations, description: String(id) })
    if (!last) return 'No report of it is waiting.'
    return `No report of it is waiting: ${last.administrator_name} has decided to ${last.operation.split(' ')[0]} it.`
  }

  return {
    list: (page: OffsetLimit) => listReported(db, page),

    /** Returns whether something was taken away. Throws `conflict` if another editor was quicker. */
    async decide(
      operator: Operator,
      { kind, id, remove, reason: typed = '' }: { kind: ReportKind; id: bigint; remove: boolean; reason?: string },
    ): Promise<boolean> {
      const reason = normalizeText('reason', typed, REASON_MAX) || DEFAULT_REASON
      return operationLog.change(operator, async (tx, note) => {
        const reports = await handleReports(tx, kind, id)
        if (reports === 0) throw conflict(await describeConflict(tx, kind, id))
        const removed = remove && (await removals[kind](tx, operator, id, reason))
        const operation = `${remove ? 'remove' : 'keep'} reported ${kind}`
        note({ operation, description: String(id), before: { reports }, after: { removed, reason: remove ? reason : null } })
        return removed
      })
    },
  }
}
