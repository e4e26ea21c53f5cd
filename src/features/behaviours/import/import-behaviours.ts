// Imports behaviours of many viewers: from a file, so that an installation brings its history along, or from another server.
// Traces and limits do not apply: the operator vouches for them. It may be stopped, killed or repeated at any time: each behaviour
// is written once.

import { createLocalTimeFormat } from '../../../base/clock.ts'
import type { ArticleId, ReaderId } from '../../../base/id.ts'
import { addRefusal, emptyResult, type ImportOptions, type ImportResult } from '../../../base/import-result.ts'
import { viewerKeyOf } from '../../../base/viewer-key.ts'
import type { Db } from '../../../engines/database/database.ts'
import type { Line } from '../../ingest/raw-lines.ts'
import { uuidFromText } from '../behaviour-id.ts'
import { createOnceKey, type OnceKeyOf } from '../once-a-day.ts'
import { READING_HISTORY_MAX, trimHistories } from '../reading-history.sql.ts'
import { type BehaviourLine, parseBehaviourLine } from './behaviour-line.ts'
import { findArticlesBySource, type ImportedRow, insertImported } from './import-behaviours.sql.ts'

interface Needs {
  db: Db
  clock: () => number
  timeZone: string
  /** Signs traces, and the keys by which an action counts once a day. */
  secret: string
}

/** A line that was parsed, with its number. */
interface Parsed {
  line: number
  behaviour: BehaviourLine
}

interface Refusal {
  line: number
  reason: string
}

// A batch is one transaction, and all counters wait while it runs: 70 ms measured for a thousand rows, on a busy machine.
const BATCH_LINES = 1_000

export type BehaviourImport = ReturnType<typeof createBehaviourImport>

export function createBehaviourImport({ db, clock, timeZone, secret }: Needs) {
  const localTime = createLocalTimeFormat(timeZone)
  const onceKeyOf = createOnceKey({ secret, clock })

  return async function importBehaviours(lines: AsyncIterable<Line>, { signal, onProgress, dryRun }: ImportOptions): Promise<ImportResult> {
    const importBatch = dryRun ? tryBatch : (batch: Parsed[], result: ImportResult) => writeBatch(db, batch, result)
    const context = { now: clock(), localTime }
    const result = emptyResult()
    let batch: Parsed[] = []
    let refusals: Refusal[] = []
    let writing = Promise.resolve()

    async function write(parsed: Parsed[], refused: Refusal[]): Promise<void> {
      const read = parsed.length + refused.length
      if (parsed.length > 0) refused.push(...(await importBatch(parsed, result)))
      for (const { line, reason } of refused.toSorted((a, b) => a.line - b.line)) addRefusal(result, line, reason)
      result.read += read
      onProgress?.(result)
    }

    /** The next batch is parsed while PostgreSQL writes this one. */
    async function startWriting(): Promise<void> {
      await writing
      signal?.throwIfAborted()
      writing = write(batch, refusals)
      writing.catch(() => {}) // thrown by whoever awaits it next
      batch = []
      refusals = []
    }

    try {
      for await (const line of lines) {
        const behaviour = 'reason' in line ? line.reason : parseBehaviourLine(line.value, context)
        if (typeof behaviour === 'string') refusals.push({ line: line.line, reason: behaviour })
        else batch.push({ line: line.line, behaviour })
        if (batch.length + refusals.length === BATCH_LINES) await startWriting()
      }
      await startWriting()
    } finally {
      await writing
    }
    return result
  }

  /** For a dry run: each batch is written, and taken back before the next. */
  async function tryBatch(batch: Parsed[], result: ImportResult): Promise<Refusal[]> {
    const transaction = await db.startTransaction().execute()
    try {
      return await writeBatch(transaction, batch, result)
    } finally {
      await transaction.rollback().execute()
    }
  }

  /** Returns the lines that were refused. */
  async function writeBatch(db: Db, batch: Parsed[], result: ImportResult): Promise<Refusal[]> {
    const sourceIds = new Set(batch.flatMap(({ behaviour: { article } }) => ('sourceId' in article ? [article.sourceId] : [])))
    const bySource = sourceIds.size > 0 ? await findArticlesBySource(db, [...sourceIds]) : new Map<string, ArticleId>()
    const rows: ImportedRow[] = []
    const lineNumbers: number[] = []
    const refusals: Refusal[] = []
    for (const { line, behaviour } of batch) {
      const { article } = behaviour
      const articleId = 'id' in article ? article.id : bySource.get(article.sourceId)
      const row = articleId && toRow(behaviour, articleId, onceKeyOf)
      if (!row) refusals.push({ line, reason: NO_ARTICLE })
      else {
        rows.push(row)
        lineNumbers.push(line)
      }
    }
    const outcomes = rows.length > 0 ? await insertImported(db, rows) : []
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome === 'added' || outcome === 'unchanged') result[outcome]++
      else refusals.push({ line: lineNumbers[i] as number, reason: outcome === 'no_article' ? NO_ARTICLE : NO_READER })
    }
    const readerIds = new Set(rows.flatMap(({ action, readerId }) => (action === 'click' && readerId ? [readerId] : [])))
    if (readerIds.size > 0) await trimHistories(db, [...readerIds], READING_HISTORY_MAX)
    return refusals
  }
}

const NO_ARTICLE = 'article_id or source_id: there is no such article that readers may see'
const NO_READER = 'reader_id: there is no such reader'

function toRow({ viewer, action, at, dwellMs, id }: BehaviourLine, articleId: ArticleId, onceKeyOf: OnceKeyOf): ImportedRow {
  const viewerKey = viewerKeyOf(viewer) as string
  // An action counts once on the day it was done; each exposure is one.
  const once = action === 'exposure' ? undefined : onceKeyOf(viewer, undefined, action, articleId, at)
  const readerId: ReaderId | undefined = viewer.kind === 'reader' ? viewer.id : undefined
  // Made of the article here, so that it is one behaviour whether the line names the article or its source.
  const given = id ?? `${action} ${articleId} ${at}`
  return { id: uuidFromText(`import ${viewerKey} ${given}`), once, action, viewer: viewerKey, readerId, articleId, at, dwellMs }
}
