// A reader's own search history.

import type { ReaderId } from '../../base/id.ts'
import { normalizeLine } from '../../base/text.ts'
import type { Db } from '../../engines/database/database.ts'
import { QUERY_MAX } from './search.schema.ts'
import { listRecentKeywords, recordKeyword, removeKeywords } from './search.sql.ts'

export type OwnHistory = ReturnType<typeof createOwnHistory>

/** How many words a reader's history holds. */
const SEARCH_HISTORY_MAX = 20
/** The contract: the client shows the last four. */
const SHOWN = 4

export function createOwnHistory({ db }: { db: Db }) {
  return {
    list: (reader: ReaderId) => listRecentKeywords(db, reader, SHOWN),
    remember: (reader: ReaderId, typed: string) => recordKeyword(db, reader, typed, SEARCH_HISTORY_MAX),
    forget: (reader: ReaderId, keyword: string | undefined) =>
      removeKeywords(db, reader, keyword === undefined ? undefined : normalizeLine('q', keyword, QUERY_MAX)),
  }
}
