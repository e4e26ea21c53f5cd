// Appeals: the author of a rejected or banned article asks, once for each decision, that it be reconsidered.

import type { ArticleId, ReaderId } from '../../base/id.ts'
import { conflict, invalid } from '../../base/problem.ts'
import { isBlank, normalizeText } from '../../base/text.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Operator } from '../../http/access.ts'
import type { AdminPage } from '../../http/admin-lists.ts'
import type { OperationLog } from '../admins/operation-log.ts'
import { closeAppeal, findAppealedArticle, insertAppeal, listAppeals, listOwnDecisions, recordUpheld } from './appeals.sql.ts'
import { lockArticles } from './office-articles.sql.ts'
import { decide } from './review.sql.ts'
import { REVIEW_TRANSITIONS } from './transitions.ts'

export type Appeals = ReturnType<typeof createAppeals>

export const APPEAL_MAX = 500
export const ANSWER_MAX = 200

export function createAppeals({ db, operationLog }: { db: Db; operationLog: OperationLog }) {
  return {
    listOwnDecisions: (author: ReaderId, page: { offset: number; limit: number }) => listOwnDecisions(db, author, page),

    async submit(authorId: ReaderId, id: ArticleId, typed: string): Promise<void> {
      const reason = normalizeText('reason', typed, APPEAL_MAX)
      if (isBlank(reason)) throw invalid('reason: say why the decision should change', { field: 'reason' })
      if (!(await insertAppeal(db, { id, authorId, reason, statuses: REVIEW_TRANSITIONS.overturn.from })))
        throw conflict('Only the last decision about a rejected or banned article of yours can be appealed, and once.', {
          reason: 'appealed',
        })
    },

    list: (page: AdminPage) => listAppeals(db, page),

    /**
     * An appeal that is granted publishes the article. Throws `conflict` if another editor was quicker, or there was another decision
     * or an edit since, which ends an appeal.
     */
    async decide(operator: Operator, id: bigint, { granted, answer: typed = '' }: { granted: boolean; answer?: string }): Promise<void> {
      const answer = normalizeText('answer', typed, ANSWER_MAX) || null
      await operationLog.change(operator, async (tx, note) => {
        // The article first, then its appeal: every other decision takes them in this order.
        const articleId = await findAppealedArticle(tx, id)
        if (articleId) await lockArticles(tx, [articleId])
        if (!articleId || !(await closeAppeal(tx, id, { granted, answer })))
          throw conflict('This appeal is not waiting: another editor has decided, or the author has edited the article.')
        const by = { id: articleId, reviewer: operator.name, reason: answer }
        if (!granted) await recordUpheld(tx, by)
        else if (!(await decide(tx, { ...by, action: 'overturn', ...REVIEW_TRANSITIONS.overturn })))
          throw conflict('The article is neither rejected nor banned any more.')
        note({ operation: granted ? 'grant appeal' : 'turn down appeal', description: `article ${articleId}`, after: { answer } })
      })
    },
  }
}
