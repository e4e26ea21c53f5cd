// Which status an article may change to, and by what. Every write of a status goes through this table.

import { ARTICLE_STATUS } from '../../base/article-status.ts'

const { draft, inReview, published, rejected, deleted, banned } = ARTICLE_STATUS

interface Transition {
  /** Empty: the article does not exist yet. */
  from: number[]
  to: number
}

/** An edit of a published article takes it back: readers see nothing that was not approved. */
const EDITABLE = [draft, inReview, published, rejected]

/** What an author does. */
export const AUTHOR_TRANSITIONS = {
  saveDraft: { from: EDITABLE, to: draft },
  submit: { from: EDITABLE, to: inReview },
  delete: { from: [draft, inReview, rejected], to: deleted },
} as const satisfies Record<string, Transition>

/** What an editor decides. */
export const REVIEW_TRANSITIONS = {
  approve: { from: [inReview, rejected], to: published },
  reject: { from: [inReview, published], to: rejected },
  ban: { from: [published], to: banned },
  unban: { from: [banned], to: published },
} as const satisfies Record<string, Transition>

export type ReviewAction = keyof typeof REVIEW_TRANSITIONS

export const isReviewAction = (action: string): action is ReviewAction => Object.hasOwn(REVIEW_TRANSITIONS, action)
