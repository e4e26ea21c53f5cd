// The review queue: editors list articles and decide about several at once. All decisions of a request are made, or none.

import type { ArticleId } from '../../base/id.ts'
import { forbidden, invalid, notFound } from '../../base/problem.ts'
import { normalizeText } from '../../base/text.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Operator } from '../../http/access.ts'
import type { AdminPage } from '../../http/admin-lists.ts'
import type { OperationLog } from '../admins/operation-log.ts'
import type { Moderation } from '../moderation/moderation.ts'
import { findOfficeArticle, listDecisions, listOfficeArticles, lockArticles, type OfficeFilter } from './office-articles.sql.ts'
import { decide } from './review.sql.ts'
import { decisionEntry } from './review.ts'
import { isReviewAction, REVIEW_ACTIONS, REVIEW_TRANSITIONS, type ReviewAction } from './transitions.ts'

export type OfficeArticles = ReturnType<typeof createOfficeArticles>

export const REASON_MAX = 200
const DECISIONS_SHOWN = 50
/** The contract's, where the editor gives none. */
const DEFAULT_REASON = '系统审核'
/** The contract refuses in Chinese, and names the article. */
const ACTION_NAMES: Record<ReviewAction, string> = {
  approve: '审核通过',
  reject: '驳回',
  delete: '删除',
  ban: '封禁',
  unban: '解封',
  overturn: '申诉成立',
}
const STATUS_NAMES = ['草稿', '待审核', '审核通过', '审核失败', '已删除', '已封禁']

export interface OfficeDecision {
  ids: ArticleId[]
  status: number
  reason?: string
  /** What the editor looked at, beside `ids`: an article that has changed since is not decided. */
  versions?: string[]
}

export interface OfficeArticlesNeeds {
  db: Db
  operationLog: OperationLog
  findInArticle: Moderation['findInArticle']
}

export function createOfficeArticles({ db, operationLog, findInArticle }: OfficeArticlesNeeds) {
  return {
    list: (filter: OfficeFilter, page: AdminPage) => listOfficeArticles(db, filter, page),

    async get(id: ArticleId) {
      const article = await findOfficeArticle(db, id)
      if (!article) throw notFound('Invalid article id.')
      const [decisions, { words }] = await Promise.all([listDecisions(db, id, DECISIONS_SHOWN), findInArticle(article.title, article.html)])
      return { ...article, decisions, words: words.map(({ word }) => word) }
    },

    /** Throws `forbidden`, and names the article, if its status does not allow the action. */
    async decide(operator: Operator, { ids, status, reason: typed = '', versions }: OfficeDecision): Promise<void> {
      const action = REVIEW_ACTIONS[status]
      if (!action) throw forbidden(`不能把文章改为状态 ${status}。`)
      const given = normalizeText('reject_reason', typed, REASON_MAX)
      const reason = given || (action === 'reject' ? DEFAULT_REASON : null)
      await operationLog.change(operator, async (tx, note) => {
        const articles = await lockArticles(tx, ids)
        const known = new Set(articles.map(article => article.id))
        const unknown = ids.find(id => !known.has(id))
        if (unknown !== undefined) throw invalid('Invalid article id.')
        for (const article of articles) {
          const { from, to }: { from: readonly number[]; to: number } = REVIEW_TRANSITIONS[action]
          // A decision is a change as well, and its status says more.
          if (!from.includes(article.status)) throw forbidden(describeRefusal(article, action, (await listDecisions(tx, article.id, 1))[0]))
          const seen = versions?.[ids.indexOf(article.id)]
          if (seen !== undefined && seen !== article.version) throw forbidden(`文章《${article.title}》在您查看之后已被修改，请重新审核。`)
          await decide(tx, { id: article.id, action, from, to, reviewer: operator.name, reason })
          note(decisionEntry({ id: article.id, action, from: article.status, to, reason }))
        }
      })
    },
  }
}

/** Names who decided, unless the author has changed the status since. */
function describeRefusal(
  { title, status }: { title: string; status: number },
  action: ReviewAction,
  last: { reviewer: string; action: string } | undefined,
): string {
  const made = last && isReviewAction(last.action) && REVIEW_TRANSITIONS[last.action].to === status ? last.action : undefined
  const decided = made ? `（${last?.reviewer} 已${ACTION_NAMES[made]}）` : ''
  return `文章《${title}》的状态是“${STATUS_NAMES[status]}”${decided}，不能${ACTION_NAMES[action]}。`
}
