// Articles by age: all of a channel, those of one language, those that were hardly shown, and those of an author.

import type { Clock } from '../../base/clock.ts'
import { type ChannelId, RECOMMENDED_CHANNEL, type ReaderId } from '../../base/id.ts'
import type { Language } from '../../base/language.ts'
import type { ArticleFacts, ImpressionStats } from './catalogue.ts'

interface Article extends ArticleFacts {
  stats: ImpressionStats | undefined
}

interface ChannelOrders<A> {
  /** Oldest first: a new article is appended, which moves no other. */
  byAge: A[]
  /** The same of each language: a thousand newer ones in the other are not walked through on each page. */
  inLanguage: Record<Language, A[]>
  /** The same without those that a walk found to be shown `showings` times: the next one does not pass them. From when it is asked for. */
  hardlyShown?: { byAge: A[]; showings: number }
  newsAt: number
}

export function createAgeOrders<A extends Article>(clock: Clock) {
  const channels = new Map<ChannelId, ChannelOrders<A>>()
  const authors = new Map<ReaderId, A[]>()

  function ordersOf(channelId: ChannelId): ChannelOrders<A> {
    let orders = channels.get(channelId)
    if (!orders) channels.set(channelId, (orders = { byAge: [], inLanguage: { zh: [], en: [] }, newsAt: 0 }))
    return orders
  }

  const channelsOf = ({ channelId }: A) => [ordersOf(channelId), ordersOf(RECOMMENDED_CHANNEL)]

  /** Every list that has the article. */
  function listsOf(article: A): A[][] {
    const { authorId, language } = article
    let byAuthor = authors.get(authorId)
    if (!byAuthor) authors.set(authorId, (byAuthor = []))
    const ofChannels = channelsOf(article).flatMap(({ byAge, inLanguage, hardlyShown }) => [
      byAge,
      inLanguage[language],
      hardlyShown?.byAge ?? [],
    ])
    return [...ofChannels, byAuthor]
  }

  const noteNews = (article: A) => {
    for (const orders of channelsOf(article)) orders.newsAt = clock()
  }

  return {
    add(article: A): void {
      noteNews(article)
      for (const list of listsOf(article)) list.splice(indexByAge(list, article), 0, article)
    },

    /** For many articles: each list is sorted once. */
    addAll(articles: readonly A[]): void {
      const touched = new Set<A[]>()
      for (const article of articles) {
        noteNews(article)
        for (const list of listsOf(article)) {
          list.push(article)
          touched.add(list)
        }
      }
      for (const list of touched) list.sort(compareByAge)
    },

    remove(article: A): void {
      for (const list of listsOf(article)) {
        const index = indexByAge(list, article)
        if (list[index] === article) list.splice(index, 1)
      }
    },

    /** Every article, oldest first. */
    all: (): readonly A[] => ordersOf(RECOMMENDED_CHANNEL).byAge,

    newest(channelId: ChannelId, language?: Language): Iterable<A> {
      const { byAge, inLanguage } = ordersOf(channelId)
      return reversed(language ? inLanguage[language] : byAge)
    },

    byAuthor: (authorId: ReaderId): Iterable<A> => reversed(authors.get(authorId) ?? []),

    *hardlyShown(channelId: ChannelId, showings: number): Generator<A> {
      const orders = ordersOf(channelId)
      // Two policies may ask: the list is that of the one that tries articles more often.
      if (!orders.hardlyShown || orders.hardlyShown.showings < showings) orders.hardlyShown = { byAge: [...orders.byAge], showings }
      const { byAge, showings: most } = orders.hardlyShown
      for (let i = byAge.length - 1; i >= 0; i--) {
        const article = byAge[i] as A
        const shown = article.stats?.shown ?? 0
        if (shown < showings) yield article
        else if (shown >= most) byAge.splice(i, 1) // moves the few that are newer
      }
    },

    lastNewsAt: (channelId: ChannelId): number => ordersOf(channelId).newsAt,
  }
}

/** The index of an article, or where it is to be inserted, in a list ordered by age and id. */
function indexByAge(byAge: readonly ArticleFacts[], facts: ArticleFacts): number {
  let low = 0
  let high = byAge.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareByAge(byAge[middle] as ArticleFacts, facts) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** The oldest first; of the same moment, the smaller id. */
function compareByAge(a: ArticleFacts, b: ArticleFacts): number {
  return a.publishedAt - b.publishedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

function* reversed<A>(list: readonly A[]): Generator<A> {
  for (let i = list.length - 1; i >= 0; i--) yield list[i] as A
}
