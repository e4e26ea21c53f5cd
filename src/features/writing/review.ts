// What an editor decides about an article. Readers see it, search finds it and counts include it once it is approved.

import type { ArticleId } from '../../base/id.ts'
import { conflict, invalid, notFound } from '../../base/problem.ts'
import { normalizeText } from '../../base/text.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Operator } from '../../http/access.ts'
import type { OperationLog } from '../admins/operation-log.ts'
import { lockArticles } from './office-articles.sql.ts'
import { decide, listWaiting } from './review.sql.ts'
import { REVIEW_TRANSITIONS, type ReviewAction } from './transitions.ts'

export type Review = ReturnType<typeof createReview>

const REASON_MAX = 200
const WAITING_MAX = 500

export function createReview({ db, operationLog }: { db: Db; operationLog: OperationLog }) {
  return {
    /**
     * Throws `not-found`, or `conflict` if the article's status does not allow the action, or it is not the `version` that was looked
     * at any more. A rejection needs a reason.
     */
    async decide(
      operator: Operator,
      id: ArticleId,
      action: ReviewAction,
      { reason: typed = '', version }: { reason?: string; version?: string } = {},
    ): Promise<void> {
      const reason = normalizeText('reason', typed, REASON_MAX) || null
      if (action === 'reject' && reason === null) throw invalid('a rejection needs a reason, which the author reads')
      const { from, to }: { from: readonly number[]; to: number } = REVIEW_TRANSITIONS[action]
      await operationLog.change(operator, async (tx, note) => {
        const [article] = await lockArticles(tx, [id])
        if (!article) throw notFound(`there is no article ${id}`)
        if (version !== undefined && version !== article.version)
          throw conflict(`the article "${article.title}" was changed since you read it`)
        if (!from.includes(article.status))
          throw conflict(`the article "${article.title}" has status ${article.status}, which does not allow ${action}`)
        await decide(tx, { id, action, from, to, reviewer: operator.name, reason })
        note(decisionEntry({ id, action, from: article.status, to, reason }))
      })
    },

    /** The articles that wait for a decision, at most 500, the oldest submission first. */
    listWaiting: () => listWaiting(db, WAITING_MAX),
  }
}

/** A decision about an article in the operation log. */
export const decisionEntry = ({
  id,
  action,
  from,
  to,
  reason,
}: {
  id: ArticleId
  action: string
  from: number
  to: number
  reason: string | null
}) => ({
  operation: `${action} article`,
  description: `article ${id}`,
  before: { status: from },
  after: { status: to, reason },
})
