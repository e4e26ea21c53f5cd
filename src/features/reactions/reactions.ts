// What readers think of an article, and what they keep. Each of these may be sent any number of times, at once or one
// after another: rows say what holds, triggers count the rows, and only what changed something is a behaviour.

import type { ArticleId, ReaderId } from '../../base/id.ts'
import { conflict, invalid } from '../../base/problem.ts'
import { isBlank, lengthOf, tidyText } from '../../base/text.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import type { Behaviours } from '../behaviours/behaviours.ts'
import { DISLIKE, dropAttitude, dropCollection, LIKE, type Put, putAttitude, putCollection, putReport } from './reactions.sql.ts'

export type Reactions = ReturnType<typeof createReactions>

export interface Needs {
  db: Db
  acted: Behaviours['acted']
}

export const NO_ARTICLE = 'Invalid target article id.'
const REMARK_MAX = 200
/** The only type of report that has to be explained, and whose remark is kept. */
const OTHER = 0

export function createReactions({ db, acted }: Needs) {
  /** The mark and the behaviour, or neither. */
  async function react(
    action: 'like' | 'dislike' | 'collect',
    one: { readerId: ReaderId; articleId: ArticleId; trace?: string },
    put: (tx: Tx) => Promise<Put>,
  ): Promise<void> {
    await db.transaction().execute(async tx => {
      const { known, changed } = await put(tx)
      if (!known) throw invalid(NO_ARTICLE)
      const viewer = { kind: 'reader', id: one.readerId } as const
      await acted({ viewer, action, articleId: one.articleId, trace: one.trace, untraced: changed }, tx)
    })
  }

  return {
    like: (readerId: ReaderId, articleId: ArticleId) =>
      react('like', { readerId, articleId }, tx => putAttitude(tx, readerId, articleId, LIKE)),
    unlike: (readerId: ReaderId, articleId: ArticleId) => dropAttitude(db, readerId, articleId, LIKE),

    dislike: (readerId: ReaderId, articleId: ArticleId) =>
      react('dislike', { readerId, articleId }, tx => putAttitude(tx, readerId, articleId, DISLIKE)),
    undislike: (readerId: ReaderId, articleId: ArticleId) => dropAttitude(db, readerId, articleId, DISLIKE),

    /** `trace` says from which place of which page it was collected. */
    collect: (readerId: ReaderId, articleId: ArticleId, trace: string | undefined) =>
      react('collect', { readerId, articleId, trace }, tx => putCollection(tx, readerId, articleId)),
    uncollect: (readerId: ReaderId, articleId: ArticleId) => dropCollection(db, readerId, articleId),

    /** Once a reader and article, whatever the type: who decides about it sees readers, not clicks. */
    async report(readerId: ReaderId, articleId: ArticleId, type: number, typed: string | undefined): Promise<void> {
      const remark = type === OTHER && typed !== undefined && !isBlank(typed) ? tidyText(typed) : null
      if (remark !== null && lengthOf(remark) > REMARK_MAX) throw invalid(`remark must have at most ${REMARK_MAX} characters`)
      const { known, changed } = await putReport(db, { readerId, articleId, type, remark })
      if (!known) throw invalid(NO_ARTICLE)
      if (!changed) throw conflict('User has reported this article.')
    },
  }
}
