import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Change } from '../../../base/change.ts'
import type { ArticleId } from '../../../base/id.ts'
import { plainText } from '../../../base/plain-text.ts'
import type { Db } from '../../database/database.ts'
import { createAnalyze } from '../analysis/analyze.ts'
import type { Segmenter } from '../analysis/segmenter.ts'
import { operatorWords } from '../postgres/words.sql.ts'
import type { Entry, Place, SearchEngine } from '../search.ts'
import { type SourceRow, sourceRows, takeVersion } from './source.sql.ts'

/** Of a text so many characters are analysed: twenty paragraphs. */
const TEXT_MAX = 4_000

export interface Indexer {
  /** Brings these articles into the index as they are now: in it, or gone. */
  refresh(engine: SearchEngine, ids: ArticleId[], place?: Place): Promise<void>
  /** Puts the next articles by id; the last id put, and how many. Undefined at the end. */
  copy(engine: SearchEngine, after: ArticleId, limit: number): Promise<{ last: ArticleId; many: number } | undefined>
}

export function createIndexer({ db, segmenter }: { db: Db; segmenter: Segmenter }): Indexer {
  const analyze = createAnalyze(segmenter)
  const entryOf = (row: SourceRow, version: bigint): Entry => ({
    id: row.id,
    version,
    authorId: row.authorId,
    channelId: row.channelId,
    publishedAt: row.publishedAt,
    covers: row.covers,
    popularity: row.reads,
    title: analyze(row.title),
    body: analyze(`${row.keywords.join(' ')} ${plainText(row.html)}`.slice(0, TEXT_MAX)),
  })

  /** A text takes up to 20 ms; other requests are answered in between. */
  async function entriesOf(rows: SourceRow[], version: bigint): Promise<Entry[]> {
    const entries: Entry[] = []
    for (const row of rows) {
      entries.push(entryOf(row, version))
      await nextTurn()
    }
    return entries
  }

  /** Before rows are read: the version, and the operator's words as they are now. */
  async function prepare(): Promise<bigint> {
    segmenter.useWords(await operatorWords(db))
    return takeVersion(db)
  }

  return {
    async refresh(engine, ids, place = 'live') {
      const version = await prepare()
      const rows = await sourceRows(db, { ids })
      const there = new Set(rows.map(row => row.id))
      await engine.put({ entries: await entriesOf(rows, version) }, place)
      await engine.remove(
        ids.filter(id => !there.has(id)).map(id => ({ id, version })),
        place,
      )
    },
    async copy(engine, after, limit) {
      const version = await prepare()
      const rows = await sourceRows(db, { after, limit })
      const last = rows.at(-1)
      if (!last) return undefined
      await engine.put({ entries: await entriesOf(rows, version) }, 'aside')
      return { last: last.id, many: rows.length }
    },
  }
}

/** Each once. */
export const articlesIn = (changes: Change[]): ArticleId[] => [...new Set(changes.map(change => change.key as ArticleId))]
