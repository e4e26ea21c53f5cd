// Warns an author whose text is nearly the same as one that is already there.

import type { ArticleId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { findSimilar, putFingerprint, type SimilarArticle } from './near-duplicates.sql.ts'
import { bandsOf, simhashOf } from './simhash.ts'

/** What stands first decides, as in search; of a longer text the rest is not compared. In 30 ms: other requests wait meanwhile. */
const TEXT_MAX = 4_000
/** Of 64 bits: texts that differ in a few words. The four quarters of a fingerprint find all that differ in three. */
const DIFFERENT_BITS_MAX = 3
const SHOWN_MAX = 5

export type NearDuplicates = ReturnType<typeof createNearDuplicates>

/** `wordsOf` splits a text as search does. */
export function createNearDuplicates({ db, wordsOf }: { db: Db; wordsOf: (text: string) => string[] }) {
  return {
    /** Stores the fingerprint of an article and returns those that look like it: published ones, and the author's own. */
    async record(id: ArticleId, authorId: ReaderId, text: string): Promise<SimilarArticle[]> {
      const hash = simhashOf(wordsOf(text.slice(0, TEXT_MAX)))
      if (hash === undefined) return []
      const bands = bandsOf(hash)
      await putFingerprint(db, { id, hash, bands })
      return findSimilar(db, { id, authorId, hash, bands }, { differentBitsMax: DIFFERENT_BITS_MAX, limit: SHOWN_MAX })
    },
  }
}
