// Articles in from files and out to files. An import may be stopped, killed or repeated at any moment: what is in stays
// in, and the next run adds the rest. It never changes an article that is there.

import { LRUCache } from 'lru-cache'
import { type Clock, createLocalTimeFormat, DAY } from '../../base/clock.ts'
import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { type ArticleLine, type ParseContext, parseArticle, refusalReasonOf } from './article-line.ts'
import { type CreatorKey, creatorKeyOf, ensureChannels, ensureCreators, serializeCreatorKey } from './creators.ts'
import {
  addArticles,
  addDryRunSourceIds,
  createDryRunTable,
  deleteDryRunTable,
  findKnownSourceIds,
  listArticlesAfter,
} from './ingest.sql.ts'
import type { Line } from './raw-lines.ts'

// A batch is one transaction, which holds up everybody's counters while it lasts (200 ms at most).
const BATCH_LINES = 500
const BATCH_BYTES = 2 * 1024 * 1024
const REFUSALS_LISTED_MAX = 1_000 // listed; more are only counted, so that a file of nonsense does not fill the memory
const SPREAD_MS = 30 * DAY // as old as the oldest article of a file without dates; the feed looks about as far back
const CACHED_NAMES_MAX = 10_000 // remembered of channels and of creators each
const EXPORT_PAGE = 50 // articles of 1 MiB at worst

export interface ImportResult {
  read: number
  added: number
  /** There already, or twice in the file. */
  unchanged: number
  /** The first thousand. */
  refused: { line: number; reason: string }[]
  refused_count: number
}

export interface ImportOptions {
  /** How many lines there will be: articles without a date are spread over the last 30 days in their order. */
  total: number
  dryRun?: boolean
  /** Called after each batch; when an import breaks off, the last call told how far it came. */
  onProgress?: (soFar: ImportResult) => void
  signal?: AbortSignal
}

export type Ingest = ReturnType<typeof createIngest>

export function createIngest({
  db,
  newId,
  clock,
  timeZone,
  sanitizeHtml,
}: {
  db: Db
  newId: () => bigint
  clock: Clock
  timeZone: string
  sanitizeHtml: (html: string) => string
}) {
  /** Takes in what the lines say, or with `dryRun` only says what would be. */
  async function importArticles(lines: AsyncIterable<Line>, options: ImportOptions): Promise<ImportResult> {
    if (!options.dryRun) return importLines(lines, options, createBatchWriter())
    return db.connection().execute(async one => {
      await createDryRunTable(one)
      try {
        return await importLines(lines, options, batch => addDryRunSourceIds(one, [...batch.keys()]))
      } finally {
        await deleteDryRunTable(one)
      }
    })
  }

  async function importLines(
    lines: AsyncIterable<Line>,
    { total, onProgress, signal }: ImportOptions,
    add: WriteBatch,
  ): Promise<ImportResult> {
    const nowMs = clock()
    const rules = { nowMs, localTime: createLocalTimeFormat(timeZone), sanitizeHtml }
    const result: ImportResult = { read: 0, added: 0, unchanged: 0, refused: [], refused_count: 0 }
    let batch: Batch = new Map()
    let batchBytes = 0

    async function finishBatch(): Promise<void> {
      signal?.throwIfAborted()
      const asked = batch.size
      if (asked > 0) for (const sourceId of await findKnownSourceIds(db, [...batch.keys()])) batch.delete(sourceId)
      const added = batch.size > 0 ? await add(batch) : 0
      result.added += added
      result.unchanged += asked - added
      batch = new Map()
      batchBytes = 0
      onProgress?.(result)
    }

    for await (const line of lines) {
      result.read++
      const article = 'reason' in line ? line.reason : parseArticleOrReason(line.value, rules)
      if (typeof article === 'string') {
        result.refused_count++
        if (result.refused.length < REFUSALS_LISTED_MAX) result.refused.push({ line: line.line, reason: article })
      } else if (batch.has(article.source_id)) {
        result.unchanged++
      } else {
        // The last line is the newest; should the file have grown since it was counted, nothing is from the future.
        const age = SPREAD_MS * Math.max(0, 1 - result.read / total)
        batch.set(article.source_id, { ...article, published_at: article.published_at ?? new Date(nowMs - age).toISOString() })
        batchBytes += Buffer.byteLength(article.html)
      }
      if (result.read % BATCH_LINES === 0 || batchBytes >= BATCH_BYTES) await finishBatch()
    }
    await finishBatch()
    return result
  }

  /** Adds batches, and the channels and creators they need: those of new articles only, so a repeated import makes none. */
  function createBatchWriter(): WriteBatch {
    const channels = new LRUCache<string, ChannelId>({ max: CACHED_NAMES_MAX })
    const creators = new LRUCache<string, ReaderId>({ max: CACHED_NAMES_MAX })
    return async batch => {
      const lines = [...batch.values()]
      const wanted = new Map(lines.map(creatorKeyOf).map(key => [serializeCreatorKey(key), key]))
      const channelNames = lines.map(line => line.channel)
      const channelOf = await throughCache(channels, channelNames, missing => ensureChannels(db, missing))
      const creatorsMissing = (missing: string[]) => missing.map(key => wanted.get(key) as CreatorKey)
      const authorOf = await throughCache(creators, [...wanted.keys()], missing => ensureCreators(db, creatorsMissing(missing), newId))
      const idsOf = (line: ArticleLine) => ({
        id: String(newId()),
        author_id: String(authorOf.get(serializeCreatorKey(creatorKeyOf(line)))),
        channel_id: channelOf.get(line.channel) as ChannelId,
      })
      return addArticles(
        db,
        lines.map(line => Object.assign(line, idsOf(line))),
      )
    }
  }

  /** All articles, oldest first, as lines that an import reads. Drafts and deleted ones too: leaving out is easy later. */
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

/** Returns how many of a batch were new after all. */
type WriteBatch = (batch: Batch) => Promise<number>

function parseArticleOrReason(value: unknown, rules: ParseContext): ArticleLine | string {
  try {
    return parseArticle(value, rules)
  } catch (err) {
    return refusalReasonOf(err)
  }
}

/** What the cache knows of `keys`, and what `load` finds of the rest. */
async function throughCache<V extends {}>(
  cache: LRUCache<string, V>,
  keys: string[],
  load: (missing: string[]) => Promise<Map<string, V>>,
) {
  const values = new Map<string, V>()
  const missing = new Set<string>()
  for (const key of keys) {
    const value = cache.get(key)
    if (value === undefined) missing.add(key)
    else values.set(key, value)
  }
  if (missing.size === 0) return values
  for (const [key, value] of await load([...missing])) {
    cache.set(key, value)
    values.set(key, value)
  }
  return values
}
