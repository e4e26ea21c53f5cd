// Which status an article may change to, and by what: all that authors and editors do. An import brings a status along, and an account
// that is deleted takes its articles with it.

import { ARTICLE_STATUS } from '../../base/article-status.ts'

const { draft, inReview, published, rejected, deleted, banned } = ARTICLE_STATUS

interface Transition {
  from: number[]
  to: number
}

/** An edit of a published article takes it back: readers see nothing that was not approved. */
const EDITABLE = [draft, inReview, published, rejected]

/** What a new article is. */
export const NEW_STATUS = { saveDraft: draft, submit: inReview } as const

/** What an author does with one that exists. */
export const AUTHOR_TRANSITIONS = {
  saveDraft: { from: EDITABLE, to: draft },
  submit: { from: EDITABLE, to: inReview },
  delete: { from: [draft, inReview, rejected], to: deleted },
} as const satisfies Record<string, Transition>

/** What an editor decides. */
export const REVIEW_TRANSITIONS = {
  approve: { from: [inReview], to: published },
  reject: { from: [inReview], to: rejected },
  ban: { from: [published], to: banned },
  unban: { from: [banned], to: published },
  delete: { from: [draft, inReview, published, rejected, banned], to: deleted },
  /** The appeal of an author who was right. */
  overturn: { from: [rejected, banned], to: published },
} as const satisfies Record<string, Transition>

export type ReviewAction = keyof typeof REVIEW_TRANSITIONS

/** By the status that the contract's admin API asks for: 6 is no status, but asks for the end of a ban. */
export const REVIEW_ACTIONS: Record<number, ReviewAction> = { 2: 'approve', 3: 'reject', 4: 'delete', 5: 'ban', 6: 'unban' }

/** What an editor may decide about an article of this status. An appeal is decided with the appeals. */
export const reviewActionsFor = (status: number): ReviewAction[] =>
  Object.values(REVIEW_ACTIONS).filter(action => (REVIEW_TRANSITIONS[action].from as readonly number[]).includes(status))

export const isReviewAction = (action: string): action is ReviewAction => Object.hasOwn(REVIEW_TRANSITIONS, action)
