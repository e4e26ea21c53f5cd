// What an editor decides about an article. Readers see it, search finds it and counts include it once it is approved.

import type { ArticleId } from '../../base/id.ts'
import { conflict, invalid, notFound } from '../../base/problem.ts'
import { normalizeText } from '../../base/text.ts'
import type { Db } from '../../engines/database/database.ts'
import { decide, findTitleAndStatus, listWaiting } from './review.sql.ts'
import { REVIEW_TRANSITIONS, type ReviewAction } from './transitions.ts'

export type Review = ReturnType<typeof createReview>

const REASON_MAX = 200
const WAITING_MAX = 500

export function createReview({ db }: { db: Db }) {
  return {
    /**
     * Throws `not-found`, or `conflict` if the article's status does not allow the action, or it is not the `version` that was looked
     * at any more. A rejection needs a reason.
     */
    async decide(
      id: ArticleId,
      action: ReviewAction,
      { reviewer, reason: typed = '', version }: { reviewer: string; reason?: string; version?: string },
    ): Promise<void> {
      const reason = normalizeText('reason', typed, REASON_MAX) || null
      if (action === 'reject' && reason === null) throw invalid('a rejection needs a reason, which the author reads')
      if (await decide(db, { id, action, ...REVIEW_TRANSITIONS[action], reviewer, reason, version })) return
      const article = await findTitleAndStatus(db, id)
      if (!article) throw notFound(`there is no article ${id}`)
      if (version !== undefined && version !== article.version)
        throw conflict(`the article "${article.title}" was changed since you read it`)
      throw conflict(`the article "${article.title}" has status ${article.status}, which does not allow ${action}`)
    },

    /** The articles that wait for a decision, at most 500, the oldest submission first. */
    listWaiting: () => listWaiting(db, WAITING_MAX),
  }
}
