// Search for readers: a query gives a list of ids, of which each page is a slice, shown as cards.

import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { createBatcher } from '../../base/batcher.ts'
import type { Clock } from '../../base/clock.ts'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import type { Log } from '../../base/log.ts'
import type { Client } from '../../base/network.ts'
import { unavailable } from '../../base/problem.ts'
import { isBlank, normalizeLine } from '../../base/text.ts'
import { withTimeout } from '../../base/timeout.ts'
import type { Viewer } from '../../base/viewer.ts'
import { viewerKeyOf } from '../../base/viewer-key.ts'
import type { Db } from '../../engines/database/database.ts'
import { findVisibleIds } from '../../engines/database/visible.sql.ts'
import type { Failover, SearchSource } from '../../engines/search/failover.ts'
import { highlight } from '../../engines/search/highlight.ts'
import { keyOf } from '../../engines/search/keys.ts'
import { isEmpty, type QueryParser } from '../../engines/search/query.ts'
import type { Filters } from '../../engines/search/search.ts'
import { type Answer, type SearchRequest, searchOrRephrase } from '../../engines/search/search-or-rephrase.ts'
import { toOffsetLimit, toPagedResponse } from '../../http/paging.ts'
import type { Behaviours } from '../behaviours/behaviours.ts'
import type { Cards } from '../cards/cards.ts'
import type { Channel } from '../channels/channels.sql.ts'
import { addChannel, findNamedChannels } from './named-channels.ts'
import type { OwnHistory } from './own-history.ts'
import { QUERY_MAX, type SearchPage, type SearchQuery } from './search.schema.ts'
import {
  findAuthorsByPrefix,
  findStoredList,
  insertOpenings,
  likedOf,
  listBlockedAuthors,
  listTitles,
  type Opening,
  recordQuery,
  saveList,
} from './search.sql.ts'
import { isSensitive } from './sensitive.ts'

export type Search = ReturnType<typeof createSearch>

export interface Needs {
  /** Counts a search, whatever it finds. */
  countSearch(viewer: Viewer): void
  db: Db
  log: Log
  clock: Clock
  engines: Failover
  parser: QueryParser
  cards: Cards
  listChannels: () => Promise<Channel[]>
  recordAction: Behaviours['recordAction']
  remember: OwnHistory['remember']
}

/** Readers do not page further, and the row of the list stays below eight kilobytes. */
const IDS_MAX = 1_000
const LIST_SECONDS = 600 // the longest that a scrolling reader takes for the next page
/** Cached lists, four megabytes. Other processes read the rows. */
const LISTS_MAX = 500
export const OPTIONS_MAX = 10
const NAMES_MAX = 3
/** Each opened article is one. One statement at a time leaves the other connections to readers. */
const OPENING_BATCHES = { concurrency: 1, batchSizeMax: 500 }
/** After a longer wait a reader thinks that the page is broken; the engines need a hundredth of it. */
const DEADLINE_MS = 2_000
/** By then the reader has typed on. OpenSearch is given up earlier, so that PostgreSQL can still answer. */
const SUGGEST_DEADLINE_MS = 1_000

interface List extends Pick<Answer, 'ids' | 'instead'> {
  source: SearchSource | 'stored'
}

export function createSearch({ db, log, clock, engines, parser, cards, listChannels, countSearch, recordAction, remember }: Needs) {
  const lists = new LRUCache<string, List>({ max: LISTS_MAX, ttl: LIST_SECONDS * 1_000 })
  const storeOpening = createBatcher<Opening, void>(async openings => {
    await insertOpenings(db, openings)
    return openings.map(() => undefined)
  }, OPENING_BATCHES)

  /** What the reader may see of it. Nothing is recorded. */
  async function find(request: SearchRequest, reader: ReaderId | undefined): Promise<Answer & { source: SearchSource }> {
    const tooSlow = () => {
      throw unavailable('The search took too long. Please try again.')
    }
    const { answer: found, source } = await withTimeout(
      DEADLINE_MS,
      engines.use(engine => searchOrRephrase(request, { db, engine, parser })),
      tooSlow,
    )
    // The index is a moment behind the rows, and knows nothing of dislikes.
    const visible = await findVisibleIds(db, found.ids, reader)
    const shown = (ids: ArticleId[]) => ids.filter(id => visible.has(id))
    return { ...found, ids: shown(found.ids), allWordsCount: shown(found.ids.slice(0, found.allWordsCount)).length, source }
  }

  /** Later pages are slices of the first page's list, so no result is shown twice. */
  async function listFor(
    { key, viewer, typed, page }: { key: string; viewer: string | undefined; typed: string; page: number },
    find: () => Promise<List>,
  ): Promise<List> {
    if (page > 1) {
      const known = lists.get(key) ?? (await findStoredList(db, key).then(ids => ids && { ids, source: 'stored' as const }))
      if (known) return { ...known, source: 'stored' }
    }
    const list = await find()
    lists.set(key, list)
    // The request for the second page may reach another process.
    await saveList(db, { key, viewer, query: keyOf(list.instead ?? typed), ids: list.ids }, LIST_SECONDS)
    return list
  }

  /** Writes that a GET implies are made after its response. A failure is only logged. */
  function writeLater(work: Promise<unknown>, failure: string): void {
    const written: Promise<void> = work.then(
      () => void pending.delete(written),
      err => {
        pending.delete(written)
        log.warn({ err: err.message }, failure)
      },
    )
    pending.add(written)
  }
  const pending = new Set<Promise<void>>()

  return {
    async search(
      viewer: Viewer,
      client: Client & { userAgent: string },
      { q, sort = 'relevance', ...parameters }: SearchQuery,
    ): Promise<{ page: SearchPage; source: List['source'] }> {
      const typed = normalizeLine('q', q, QUERY_MAX)
      const reader = viewer.kind === 'reader' ? viewer.id : undefined
      const { page = 1 } = parameters
      const viewerKey = viewerKeyOf(viewer)
      const given: Filters = {
        channelId: parameters.channel_id ? (parameters.channel_id as Filters['channelId']) : undefined,
        authorId: parameters.aut_id,
        after: parameters.after,
        before: parameters.before,
        withCover: parameters.cover,
      }
      const filters = { ...given, hiddenAuthors: reader === undefined ? [] : await listBlockedAuthors(db, reader) }
      // Anonymous clients are distinguished by address only, so those of one address share lists.
      const key = hash(
        JSON.stringify([viewerKey ?? `${client.address} ${client.userAgent}`, keyOf(typed), sort, given], (_name, value) =>
          typeof value === 'bigint' ? `${value}` : value,
        ),
      )
      const named = findNamedChannels(await listChannels(), typed)
      const list = await listFor({ key, viewer: viewerKey, typed, page }, async () => {
        const request = { typed, filters, order: sort, limit: IDS_MAX, now: clock() }
        const found = await find(request, reader)
        if (!named.exact) return found
        const { channel, language } = named.exact
        const isElsewhere = filters.channelId !== undefined && filters.channelId !== channel.id
        return isElsewhere ? found : addChannel(db, found, { ...request, channelId: channel.id, language, reader })
      })
      const { offset, limit } = toOffsetLimit(parameters)
      const ids = list.ids.slice(offset, offset + limit)
      const query = parser.parse(list.instead ?? typed)
      const isFirst = page === 1 && !isEmpty(query)
      const [cardOf, visible, liked, authors] = await Promise.all([
        cards.of(ids, viewer),
        // On a later page: the reader may have put something away since the list was made.
        reader === undefined || page === 1 ? undefined : findVisibleIds(db, ids, reader),
        reader === undefined || ids.length === 0 ? new Set<ArticleId>() : likedOf(db, reader, ids),
        isFirst ? findAuthorsByPrefix(db, typed, { reader, limit: NAMES_MAX }) : [],
      ])
      const results = ids.flatMap(id => {
        const card = cardOf.get(id)
        return card && (!visible || visible.has(id))
          ? [{ ...card, is_liking: liked.has(id), highlights: highlight(card.title, query) }]
          : []
      })
      if (page === 1) {
        countSearch(viewer)
        await recordSearch(viewer, client, typed, list)
      }
      const channels = isFirst ? named.beginning.slice(0, NAMES_MAX) : []
      const paged = toPagedResponse(parameters, list.ids.length, results)
      return { page: { ...paged, instead: list.instead, authors, channels }, source: list.source }
    },

    /** For the assistant: the best for these words, of authors that the reader does not block. */
    async find(
      reader: ReaderId | undefined,
      words: string,
      { filters, limit, now }: Pick<SearchRequest, 'filters' | 'limit' | 'now'>,
    ): Promise<Answer> {
      const hiddenAuthors = reader === undefined ? [] : await listBlockedAuthors(db, reader)
      const typed = normalizeLine('q', Array.from(words).slice(0, QUERY_MAX).join(''), QUERY_MAX)
      return find({ typed, filters: { ...filters, hiddenAuthors }, order: 'relevance', limit, now }, reader)
    },

    /** If the engines are late, an empty list: the reader goes on typing, and existing clients show an error as a failure. */
    async suggest(q: string): Promise<{ options: string[]; source: SearchSource | 'none' }> {
      if (isBlank(q.replace(/\p{Cc}/gu, ''))) return { options: [], source: 'none' }
      const typed = normalizeLine('q', q, QUERY_MAX)
      const { options, source } = await withTimeout(SUGGEST_DEADLINE_MS, findOptions(typed), () => ({
        options: [],
        source: 'none' as const,
      }))
      return { options: options.filter(option => !isSensitive(keyOf(option))), source }
    },

    /** Called for every opened article; the statement keeps those that were found by a search. */
    recordOpening(viewer: Viewer, articleId: ArticleId): void {
      const viewerKey = viewerKeyOf(viewer)
      if (viewerKey !== undefined) writeLater(storeOpening({ viewer: viewerKey, articleId }), 'an opening from a search was not stored')
    },

    /** Waits for pending writes. */
    close: async (): Promise<void> => void (await Promise.all(pending)),
  }

  /** Titles are as their authors wrote them, and short enough: a chosen option becomes a query. */
  async function findOptions(typed: string): Promise<{ options: string[]; source: SearchSource }> {
    const { answer, source } = await engines.use(engine => engine.suggest(typed, OPTIONS_MAX))
    const titles = answer.titled.length === 0 ? [] : await listTitles(db, answer.titled)
    const phrases = new Set(answer.phrases.map(keyOf))
    const others = titles.filter(title => [...title].length <= QUERY_MAX && !phrases.has(keyOf(title)))
    return { options: [...answer.phrases, ...new Map(others.map(title => [keyOf(title), title])).values()], source }
  }

  async function recordSearch(viewer: Viewer, client: Client, typed: string, { ids, instead }: List): Promise<void> {
    if (viewer.kind === 'reader') await remember(viewer.id, typed)
    const viewerKey = viewerKeyOf(viewer)
    const [first] = ids
    if (viewerKey === undefined || first === undefined) return
    const query = keyOf(instead ?? typed)
    const asker = createHash('sha256').update(`${viewerKey}\n${query}`).digest().subarray(0, 16)
    // The limit of behaviours is that of hot searches as well: made-up devices would make a query hot.
    const recorded = recordAction({ viewer, client, action: 'search', articleId: first, recordUntraced: true })
    writeLater(
      recorded.then(admitted => (admitted && !isSensitive(query) ? recordQuery(db, query, asker) : undefined)),
      'a search was not recorded',
    )
  }
}

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url')
