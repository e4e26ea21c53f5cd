// Likes, dislikes, collections and reports of articles. Every request may be repeated. The rows are the state, triggers
// count them, and only a request that changed a row is recorded as a behaviour.

import type { ArticleId, ReaderId } from '../../base/id.ts'
import { conflict, invalid } from '../../base/problem.ts'
import { isBlank, normalizeText } from '../../base/text.ts'
import type { Counters } from '../../engines/counters/counters.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import type { Behaviours } from '../behaviours/behaviours.ts'
import {
  addCollection,
  createReport,
  DISLIKE,
  LIKE,
  type ReactionOutcome,
  removeAttitude,
  removeCollection,
  setAttitude,
} from './reactions.sql.ts'

export type Reactions = ReturnType<typeof createReactions>

export interface Needs {
  db: Db
  counters: Counters
  recordAction: Behaviours['recordAction']
  /** Whether a number can be an id at all, so that others are refused without a query. */
  isPlausibleId: (id: bigint) => boolean
}

export const NO_ARTICLE = 'Invalid target article id.'
const KINDS = ['article.likes', 'article.dislikes', 'article.collections'] as const
export const REMARK_MAX = 200
/** The type of report whose remark is stored. */
const REPORT_OTHER = 0

export function createReactions({ db, counters, recordAction, isPlausibleId }: Needs) {
  /** Writes the reaction and its behaviour in one transaction. */
  async function react(
    action: 'like' | 'dislike' | 'collect',
    { readerId, articleId, trace }: { readerId: ReaderId; articleId: ArticleId; trace?: string },
    write: (tx: Tx) => Promise<ReactionOutcome>,
  ): Promise<void> {
    if (!isPlausibleId(articleId)) throw invalid(NO_ARTICLE)
    await db.transaction().execute(async tx => {
      const { articleExists, changed } = await write(tx)
      if (!articleExists) throw invalid(NO_ARTICLE)
      const viewer = { kind: 'reader', id: readerId } as const
      await recordAction({ viewer, action, articleId, trace, recordUntraced: changed }, tx)
    })
    await noteOwnReaction(readerId, articleId)
  }

  /** The reader's next read of these counts includes this reaction. */
  const noteOwnReaction = (readerId: ReaderId, articleId: ArticleId) =>
    counters.noteOwnWrite({ kind: 'reader', id: readerId }, KINDS, [articleId])

  return {
    like: (readerId: ReaderId, articleId: ArticleId) =>
      react('like', { readerId, articleId }, tx => setAttitude(tx, readerId, articleId, LIKE)),
    unlike: (readerId: ReaderId, articleId: ArticleId) =>
      removeAttitude(db, readerId, articleId, LIKE).then(() => noteOwnReaction(readerId, articleId)),

    dislike: (readerId: ReaderId, articleId: ArticleId) =>
      react('dislike', { readerId, articleId }, tx => setAttitude(tx, readerId, articleId, DISLIKE)),
    undislike: (readerId: ReaderId, articleId: ArticleId) =>
      removeAttitude(db, readerId, articleId, DISLIKE).then(() => noteOwnReaction(readerId, articleId)),

    /** `trace` names the page and the position from which the reader collected the article. */
    collect: (readerId: ReaderId, articleId: ArticleId, trace: string | undefined) =>
      react('collect', { readerId, articleId, trace }, tx => addCollection(tx, readerId, articleId)),
    uncollect: (readerId: ReaderId, articleId: ArticleId) =>
      removeCollection(db, readerId, articleId).then(() => noteOwnReaction(readerId, articleId)),

    /** One report for each reader and article, whatever its type, so that editors see how many readers complained. */
    async report(readerId: ReaderId, articleId: ArticleId, type: number, input: string | undefined): Promise<void> {
      const typed = type === REPORT_OTHER && input !== undefined ? normalizeText('remark', input, REMARK_MAX) : ''
      const remark = isBlank(typed) ? null : typed
      if (!isPlausibleId(articleId)) throw invalid(NO_ARTICLE)
      const { articleExists, changed } = await createReport(db, { readerId, articleId, type, remark })
      if (!articleExists) throw invalid(NO_ARTICLE)
      if (!changed) throw conflict('User has reported this article.')
    },
  }
}
