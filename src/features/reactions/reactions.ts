// What readers think of an article, and what they keep. Each of these may be sent any number of times, at once or one
// after another: rows say what holds, triggers count the rows, and only what changed something is a behaviour.

import type { ArticleId, ReaderId } from '../../base/id.ts'
import { conflict, invalid } from '../../base/problem.ts'
import { countCharacters, isBlank, normalizeText } from '../../base/text.ts'
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
  /** Whether a number can be an id at all. */
  isPlausibleId: (id: bigint) => boolean
}

export const NO_ARTICLE = 'Invalid target article id.'
const KINDS = ['article.likes', 'article.dislikes', 'article.collections'] as const
const REMARK_MAX = 200
/** The only type of report that has to be explained, and whose remark is kept. */
const OTHER = 0

export function createReactions({ db, counters, recordAction, isPlausibleId }: Needs) {
  /** The mark and the behaviour, or neither. */
  async function react(
    action: 'like' | 'dislike' | 'collect',
    one: { readerId: ReaderId; articleId: ArticleId; trace?: string },
    put: (tx: Tx) => Promise<ReactionOutcome>,
  ): Promise<void> {
    if (!isPlausibleId(one.articleId)) throw invalid(NO_ARTICLE)
    await db.transaction().execute(async tx => {
      const { articleExists, changed } = await put(tx)
      if (!articleExists) throw invalid(NO_ARTICLE)
      const viewer = { kind: 'reader', id: one.readerId } as const
      await recordAction({ viewer, action, articleId: one.articleId, trace: one.trace, recordUntraced: changed }, tx)
    })
    await noteOwnReaction(one.readerId, one.articleId)
  }

  /** The reader sees at once what they have done. */
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

    /** `trace` says from which place of which page it was collected. */
    collect: (readerId: ReaderId, articleId: ArticleId, trace: string | undefined) =>
      react('collect', { readerId, articleId, trace }, tx => addCollection(tx, readerId, articleId)),
    uncollect: (readerId: ReaderId, articleId: ArticleId) =>
      removeCollection(db, readerId, articleId).then(() => noteOwnReaction(readerId, articleId)),

    /** Once a reader and article, whatever the type: who decides about it sees readers, not clicks. */
    async report(readerId: ReaderId, articleId: ArticleId, type: number, typed: string | undefined): Promise<void> {
      const remark = type === OTHER && typed !== undefined && !isBlank(typed) ? normalizeText(typed) : null
      if (remark !== null && countCharacters(remark) > REMARK_MAX) throw invalid(`remark must have at most ${REMARK_MAX} characters`)
      if (!isPlausibleId(articleId)) throw invalid(NO_ARTICLE)
      const { articleExists, changed } = await createReport(db, { readerId, articleId, type, remark })
      if (!articleExists) throw invalid(NO_ARTICLE)
      if (!changed) throw conflict('User has reported this article.')
    },
  }
}
