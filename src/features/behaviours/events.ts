// Behaviours that clients report in batches. They are written before the request is answered. Each event is accepted or
// refused by itself, and counts once however often it is sent.

import { createBatcher } from '../../base/batcher.ts'
import type { Clock } from '../../base/clock.ts'
import type { ArticleId, PageId } from '../../base/id.ts'
import type { Log } from '../../base/log.ts'
import type { Client } from '../../base/network.ts'
import type { Viewer } from '../../base/viewer.ts'
import { viewerKeyOf } from '../../base/viewer-key.ts'
import { type Db, isDatabaseAway } from '../../engines/database/database.ts'
import type { DecodedToken } from '../../recommend/tracking-tokens.ts'
import type { BehaviourLimits } from './behaviour-limits.ts'
import { ACTIONS, type Event, parseEvent } from './event.ts'
import { type AttributedRows, type EventContext, toEventRows } from './event-rows.ts'
import { articleIdsOfPages, type EventOutcome, type EventRow, insertEvents } from './events.sql.ts'
import type { OnceKeyOf } from './once-a-day.ts'
import { READING_HISTORY_MAX, trimHistories } from './reading-history.sql.ts'
import type { Refusals, Rule } from './refusals.ts'

export type Events = ReturnType<typeof createEvents>

export interface Needs {
  db: Db
  clock: Clock
  log: Log
  readTrace: (text: string, viewer: string | undefined) => DecodedToken | undefined
  onceKeyOf: OnceKeyOf
  limits: BehaviourLimits
  refusals: Refusals
}

export interface BatchResult {
  /** Events that were written. */
  accepted: number
  /** Events that had been written before: the same event, or the same action on the same article today. */
  repeated: number
  /** Events that were not written, with their index in the batch. */
  refused: { index: number; id: string | null; reason: string }[]
  /** Ids of events that count, but for no page: their trace is not ours, not this viewer's, about another article, or too old. */
  untraced: string[]
}

// A hundred pages of ten articles, so that one transaction stays short. It is also what batches that arrive meanwhile share.
const ROWS_MAX = 1_000
const NO_PAGES: ReadonlyMap<PageId, ArticleId[]> = new Map()
/** The ids of anonymous viewers share one namespace, so only random ids are safe from collisions. */
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i
const SIGNED_IN_ONLY = new Set(['like', 'dislike', 'collect'])

/** An event of a batch, with its trace if that is ours. */
interface IndexedEvent {
  index: number
  event: Event
  trace: DecodedToken | undefined
}

export function createEvents({ db, clock, log, readTrace, onceKeyOf, limits, refusals }: Needs) {
  /** Batches that arrive while others are written share the next statement, and its commit. Undefined if that could not be written. */
  const insertTogether = createBatcher<EventRow[], EventOutcome[] | undefined>(
    async batches => {
      try {
        const outcomes = await insertEvents(db, batches.flat())
        let end = 0
        return batches.map(rows => outcomes.slice(end, (end += rows.length)))
      } catch (err) {
        if (isDatabaseAway(err as Error) || batches.length === 1) throw err
        return batches.map(() => undefined)
      }
    },
    // Two: while one waits for a row that is locked, others are written.
    { concurrency: 2, batchSizeMax: ROWS_MAX, sizeOf: rows => rows.length, isForAll: isDatabaseAway },
  )
  /** What cannot be written must not take others with it. Four connections: so many may wait for locks. */
  const insertAlone = createBatcher<EventRow[], EventOutcome[]>(async ([rows]) => [await insertEvents(db, rows as EventRow[])], {
    concurrency: 4,
    batchSizeMax: 1,
    isForAll: isDatabaseAway,
  })
  const insert = async (rows: EventRow[]): Promise<EventOutcome[]> => (await insertTogether(rows)) ?? insertAlone(rows)

  /** Returns a reason instead if this viewer may not report the event. */
  function parse(raw: unknown, viewer: Viewer): Event | string {
    const event = parseEvent(raw, clock())
    if (typeof event === 'string') return event
    if (viewer.kind !== 'reader' && SIGNED_IN_ONLY.has(event.action)) return `${event.action} events need a signed-in reader`
    if (viewer.kind === 'anonymous' && !UUID.test(event.id)) return 'id must be a UUID if there is no reader and no device id'
    return event
  }

  async function findExposedPages(events: IndexedEvent[], viewerKey: string | undefined): Promise<ReadonlyMap<PageId, ArticleId[]>> {
    const pageIds = new Set(events.flatMap(({ event, trace }) => (event.action === 'exposure' && trace ? [trace.pageId] : [])))
    return viewerKey !== undefined && pageIds.size > 0 ? articleIdsOfPages(db, viewerKey, [...pageIds]) : NO_PAGES
  }

  return {
    async recordBatch(viewer: Viewer, client: Client, batch: unknown[]): Promise<BatchResult> {
      const viewerKey = viewerKeyOf(viewer)
      const result: BatchResult = { accepted: 0, repeated: 0, refused: [], untraced: [] }
      /** `reason`: what the client is told. */
      function refuse(index: number, rule: Rule, reason: string): void {
        const event = batch[index]
        result.refused.push({ index, id: eventIdOf(event), reason })
        refusals.note({ viewer: viewerKey, action: actionOf(event), rule, reason, event })
      }

      const events: IndexedEvent[] = []
      for (const [index, raw] of batch.entries()) {
        const event = parse(raw, viewer)
        if (typeof event === 'string') refuse(index, 'invalid', event)
        else events.push({ index, event, trace: event.trace === undefined ? undefined : readTrace(event.trace, viewerKey) })
      }

      const context: EventContext = {
        viewer: viewerKey,
        readerId: viewer.kind === 'reader' ? viewer.id : undefined,
        pages: await findExposedPages(events, viewerKey),
        onceKeyOf: onceKeyOf.bind(null, viewer, client),
        now: clock(),
      }
      const candidates: (AttributedRows & { index: number })[] = []
      let count = 0
      const untraced = new Set<number>()
      for (const { index, event, trace } of events) {
        const attributed = toEventRows(event, trace, context)
        if (typeof attributed === 'string') refuse(index, 'no_page', attributed)
        else if (count + attributed.rows.length > ROWS_MAX)
          refuse(index, 'too_many', 'too many articles in one batch: send it with the next')
        else {
          candidates.push({ ...attributed, index })
          count += attributed.rows.length
          if (event.trace !== undefined && !attributed.traced) untraced.add(index)
        }
      }
      const admissions = candidates.map(({ rows: [first], rows: { length } }) => {
        const { action, articleId, once } = first as EventRow
        return limits.admit({ viewer, client, action, articleId, once, rows: length })
      })
      const admitted = await Promise.all(admissions)
      // Clients need not send again what is over a limit.
      for (const [i, { index }] of candidates.entries()) if (!admitted[i]) refuse(index, 'limited', 'limited')
      const written = candidates.filter((_, i) => admitted[i])
      const rows = written.flatMap(candidate => candidate.rows)

      const outcomes = rows.length > 0 ? await insert(rows) : []
      let end = 0
      for (const { index, rows: own } of written) {
        const outcome = outcomeOf(outcomes.slice(end, (end += own.length)))
        if (outcome === 'no_article') refuse(index, 'no_article', 'there is no such article')
        else result[outcome]++
        if (outcome !== 'no_article' && untraced.has(index)) result.untraced.push(eventIdOf(batch[index]) as string)
      }
      result.refused.sort((a, b) => a.index - b.index)
      if (viewer.kind === 'reader' && rows.some(row => row.action === 'click'))
        await trimHistories(db, [viewer.id], READING_HISTORY_MAX).catch(err =>
          log.warn({ err: err.message }, 'histories could not be trimmed'),
        )
      return result
    },
  }
}

/** An event of several rows is accepted if one of them was inserted. */
const outcomeOf = (rows: EventOutcome[]): EventOutcome =>
  rows.find(row => row === 'accepted') ?? rows.find(row => row === 'repeated') ?? 'no_article'

const shortText = (value: unknown) => (typeof value === 'string' && value.length <= 64 ? value : null)
const eventIdOf = (raw: unknown) => (typeof raw === 'object' && raw !== null && 'id' in raw ? shortText(raw.id) : null)
const actionOf = (raw: unknown) =>
  ACTIONS.find(action => typeof raw === 'object' && raw !== null && 'action' in raw && raw.action === action)
