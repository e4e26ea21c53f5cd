// Imports articles from files, and exports them. An import may be stopped, killed or repeated at any time: imported articles
// stay, and the next run adds the rest. It never changes an existing article.

import { LRUCache } from 'lru-cache'
import { type Clock, createLocalTimeFormat, DAY } from '../../base/clock.ts'
import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import { addRefusal, emptyResult, type ImportOptions, type ImportResult } from '../../base/import-result.ts'
import type { Db } from '../../engines/database/database.ts'
import type { FingerprintOf } from '../writing/fingerprint.ts'
import type { InsertArticles } from '../writing/writing.sql.ts'
import { type ArticleLine, type ParseContext, parseArticle, refusalReasonOf } from './article-line.ts'
import { type CreatorKey, creatorKeyOf, ensureChannels, ensureCreators, serializeCreatorKey } from './creators.ts'
import { addDryRunSourceIds, createDryRunTable, deleteDryRunTable, findKnownSourceIds, listArticlesAfter } from './ingest.sql.ts'
import type { Line } from './raw-lines.ts'
import { throughCache } from './through-cache.ts'

// A batch is one transaction, and all counters wait while it runs: at most 200 ms.
const BATCH_LINES = 500
const BATCH_BYTES = 2 * 1024 * 1024
const SPREAD_MS = 30 * DAY // the age of the oldest article of a file without dates; the feed looks about as far back
const CACHED_NAMES_MAX = 10_000 // of channels, and as many of creators
const EXPORT_PAGE = 50 // articles; each has up to 1 MiB

export function createIngest({
  db,
  newId,
  clock,
  timeZone,
  sanitizeHtml,
  fingerprintOf,
  insertArticles,
}: {
  db: Db
  newId: () => bigint
  clock: Clock
  timeZone: string
  sanitizeHtml: (html: string) => string
  fingerprintOf: FingerprintOf
  insertArticles: InsertArticles
}) {
  /** With `dryRun`, only returns what an import would do. */
  async function importArticles(lines: AsyncIterable<Line>, options: ImportOptions): Promise<ImportResult> {
    if (!options.dryRun) return importLines(lines, options, createBatchWriter())
    return db.connection().execute(async connection => {
      await createDryRunTable(connection)
      try {
        return await importLines(lines, options, batch => addDryRunSourceIds(connection, [...batch.keys()]))
      } finally {
        await deleteDryRunTable(connection)
      }
    })
  }

  async function importLines(
    lines: AsyncIterable<Line>,
    { total, onProgress, signal }: ImportOptions,
    writeBatch: WriteBatch,
  ): Promise<ImportResult> {
    const nowMs = clock()
    const context = { nowMs, localTime: createLocalTimeFormat(timeZone), sanitizeHtml }
    const result = emptyResult()
    let batch: Batch = new Map()
    let batchBytes = 0

    async function finishBatch(): Promise<void> {
      signal?.throwIfAborted()
      const size = batch.size
      if (size > 0) for (const sourceId of await findKnownSourceIds(db, [...batch.keys()])) batch.delete(sourceId)
      const added = batch.size > 0 ? await writeBatch(batch) : 0
      result.added += added
      result.unchanged += size - added
      batch = new Map()
      batchBytes = 0
      onProgress?.(result)
    }

    for await (const line of lines) {
      result.read++
      const article = 'reason' in line ? line.reason : parseArticleOrReason(line.value, context)
      if (typeof article === 'string') {
        addRefusal(result, line.line, article)
      } else if (batch.has(article.source_id)) {
        result.unchanged++
      } else {
        // The last line is the newest. If the file has grown since it was counted, no article is dated in the future.
        const age = SPREAD_MS * Math.max(0, 1 - result.read / total)
        batch.set(article.source_id, { ...article, published_at: article.published_at ?? new Date(nowMs - age).toISOString() })
        batchBytes += Buffer.byteLength(article.html)
      }
      if (result.read % BATCH_LINES === 0 || batchBytes >= BATCH_BYTES) await finishBatch()
    }
    await finishBatch()
    return result
  }

  /** Writes batches of new articles, and the channels and creators these need. */
  function createBatchWriter(): WriteBatch {
    const channels = new LRUCache<string, ChannelId>({ max: CACHED_NAMES_MAX })
    const creators = new LRUCache<string, ReaderId>({ max: CACHED_NAMES_MAX })
    return async batch => {
      const lines = [...batch.values()]
      const creatorKeys = new Map(lines.map(creatorKeyOf).map(key => [serializeCreatorKey(key), key]))
      const channelNames = lines.map(line => line.channel)
      const channelOf = await throughCache(channels, channelNames, missing => ensureChannels(db, missing))
      const toCreatorKeys = (missing: string[]) => missing.map(key => creatorKeys.get(key) as CreatorKey)
      const authorOf = await throughCache(creators, [...creatorKeys.keys()], missing => ensureCreators(db, toCreatorKeys(missing), newId))
      const derivedOf = (line: ArticleLine) => ({
        id: String(newId()),
        author_id: String(authorOf.get(serializeCreatorKey(creatorKeyOf(line)))),
        channel_id: channelOf.get(line.channel) as ChannelId,
        fingerprint: fingerprintOf(line.title, line.html),
      })
      return insertArticles(
        db,
        'import',
        lines.map(line => Object.assign(line, derivedOf(line))),
      )
    }
  }

  /** All articles, the oldest first, as import lines; drafts and deleted articles included. */
  async function* exportArticles(): AsyncGenerator<ArticleLine> {
    let after = 0n as ArticleId
    for (;;) {
      const page = await listArticlesAfter(db, after, EXPORT_PAGE)
      for (const { id, html, ...line } of page) {
        after = id
        yield { ...line, html: html ?? '' }
      }
      if (page.length < EXPORT_PAGE) return
    }
  }

  return { importArticles, exportArticles }
}

/** By source id. */
type Batch = Map<string, ArticleLine & { published_at: string }>

/** Returns how many articles of the batch were new. */
type WriteBatch = (batch: Batch) => Promise<number>

function parseArticleOrReason(value: unknown, context: ParseContext): ArticleLine | string {
  try {
    return parseArticle(value, context)
  } catch (err) {
    return refusalReasonOf(err)
  }
}
