// Every published article, in memory, with what ranking asks of it: an order by age and an order by heat for each
// channel. A hint like all of memory: loaded from the rows at start, kept right by following the change log.

import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import { RECOMMENDED_CHANNEL } from '../../base/id.ts'

export interface ArticleFacts {
  id: ArticleId
  authorId: ReaderId
  channelId: ChannelId
  /** Milliseconds since 1970. */
  publishedAt: number
}

export interface Catalogue {
  get(id: ArticleId): ArticleFacts | undefined
  put(facts: ArticleFacts): void
  remove(id: ArticleId): void
  /** Somebody did something with an article at a moment; `weight` says how much that says. */
  warm(id: ArticleId, weight: number, at: number): void
  /** The articles of a channel, newest first. */
  newest(channelId: ChannelId): Iterable<ArticleFacts>
  /** The articles of a channel with any heat, hottest first. */
  hottest(channelId: ChannelId): Iterable<ArticleFacts>
  /** The articles of a creator, newest first. */
  by(authorId: ReaderId): Iterable<ArticleFacts>
  /** An article was shown, or opened: what is known of how it is met with. */
  met(id: ArticleId, what: 'shown' | 'clicks', times?: number): void
  meetings(id: ArticleId): { shown: number; clicks: number }
  /** How warm an article is at a moment, as the number of clicks just made that would say as much. */
  heat(id: ArticleId, at: number): number
  size(): number
}

// What was read twelve hours ago says half as much about today as what was read just now.
const HALF_LIFE_MS = 12 * 3_600_000
// Heat is kept as of one fixed moment (forward decay, Cormode et al. 2009), so that time passing changes no order and
// touches no row. The numbers double every half-life, so the moment is moved before they leave what a double holds.
const REBASE_AFTER = 64 * HALF_LIFE_MS
// An order by heat may be this old: clicks come in every millisecond, orders are read every few.
const HEAT_ORDER_MS = 2_000

interface Shelf {
  /** Oldest first: what is published now is put at the end, which costs nothing. */
  byAge: ArticleFacts[]
  byHeat: ArticleFacts[]
  heatSortedAt: number
}

export function createCatalogue(clock: () => number): Catalogue {
  const all = new Map<ArticleId, ArticleFacts>()
  const heats = new Map<ArticleId, number>()
  const shelves = new Map<ChannelId, Shelf>()
  const authors = new Map<ReaderId, ArticleFacts[]>()
  const meetings = new Map<ArticleId, { shown: number; clicks: number }>()
  let base = clock()

  function shelf(channelId: ChannelId): Shelf {
    let one = shelves.get(channelId)
    if (!one) shelves.set(channelId, (one = { byAge: [], byHeat: [], heatSortedAt: Number.NEGATIVE_INFINITY }))
    return one
  }

  /** Every list that holds an article in order of age. */
  function ordersOf({ channelId, authorId }: ArticleFacts): ArticleFacts[][] {
    let own = authors.get(authorId)
    if (!own) authors.set(authorId, (own = []))
    return [shelf(channelId).byAge, shelf(RECOMMENDED_CHANNEL).byAge, own]
  }

  function remove(id: ArticleId): void {
    const facts = all.get(id)
    if (!facts) return
    all.delete(id)
    for (const byAge of ordersOf(facts)) {
      const place = placeOf(byAge, facts)
      if (byAge[place] === facts) byAge.splice(place, 1)
    }
  }

  function rebase(now: number): void {
    const scale = 2 ** (-(now - base) / HALF_LIFE_MS)
    for (const [id, heat] of heats)
      if (all.has(id)) heats.set(id, heat * scale)
      else heats.delete(id)
    for (const id of meetings.keys()) if (!all.has(id)) meetings.delete(id)
    base = now
  }

  return {
    get: id => all.get(id),
    put(facts) {
      const known = all.get(facts.id)
      if (known && known.channelId === facts.channelId && known.publishedAt === facts.publishedAt && known.authorId === facts.authorId)
        return
      remove(facts.id)
      all.set(facts.id, facts)
      for (const byAge of ordersOf(facts)) byAge.splice(placeOf(byAge, facts), 0, facts)
    },
    remove,
    warm(id, weight, at) {
      if (at - base > REBASE_AFTER) rebase(at)
      heats.set(id, (heats.get(id) ?? 0) + weight * 2 ** ((at - base) / HALF_LIFE_MS))
    },
    newest: channelId => backwards(shelf(channelId).byAge),
    hottest(channelId) {
      const one = shelf(channelId)
      const now = clock()
      if (now - one.heatSortedAt >= HEAT_ORDER_MS || now < one.heatSortedAt) {
        const heatOf = (facts: ArticleFacts) => heats.get(facts.id) ?? 0
        one.byHeat = one.byAge.filter(facts => heatOf(facts) > 0).toSorted((a, b) => heatOf(b) - heatOf(a) || (a.id < b.id ? 1 : -1))
        one.heatSortedAt = now
      }
      // What was removed since it was sorted is no longer what `all` holds.
      return one.byHeat.values().filter(facts => all.get(facts.id) === facts)
    },
    by: authorId => backwards(authors.get(authorId) ?? []),
    met(id, what, times = 1) {
      const known = meetings.get(id)
      if (known) known[what] += times
      else meetings.set(id, { shown: 0, clicks: 0, [what]: times })
    },
    meetings: id => meetings.get(id) ?? { shown: 0, clicks: 0 },
    heat: (id, at) => (heats.get(id) ?? 0) * 2 ** ((base - at) / HALF_LIFE_MS),
    size: () => all.size,
  }
}

/** Where an article stands, or belongs, among those in order of age. */
function placeOf(byAge: readonly ArticleFacts[], { publishedAt, id }: ArticleFacts): number {
  let low = 0
  let high = byAge.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const one = byAge[middle] as ArticleFacts
    if (one.publishedAt < publishedAt || (one.publishedAt === publishedAt && one.id < id)) low = middle + 1
    else high = middle
  }
  return low
}

function* backwards(facts: readonly ArticleFacts[]): Generator<ArticleFacts> {
  for (let i = facts.length - 1; i >= 0; i--) yield facts[i] as ArticleFacts
}
