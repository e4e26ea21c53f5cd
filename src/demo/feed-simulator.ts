// Simulates the feed that the demo's people were served: new, clicked and matching articles more often, with much chance.
// Chance matters: a log of a feed that shows only the best teaches a model nothing about the rest.

import { DAY } from '../base/clock.ts'
import type { ArticleId } from '../base/id.ts'
import type { Random } from '../base/seeded-random.ts'
import { CHANNEL_OF } from './content/topics.ts'
import type { Article, Person } from './model.ts'

const PAGE_SIZE = 10 // as in the product's contract
const FRESH_MS = 1.5 * DAY
const SHOWN_MS = 14 * DAY

export interface FeedSimulator {
  /** Serves a page of articles published before `now` that the person has not seen. `channel`: a channel's index plus 1; 0 for all. */
  servePage(random: Random, person: Person, channel: number, now: number): Article[]
  recordSeen(person: Person, article: Article): void
  recordClick(article: Article): void
}

/** `articles` must be sorted by time, oldest first. */
export function createFeedSimulator(articles: Article[]): FeedSimulator {
  const seen = new Map<Person, Set<ArticleId>>()
  const clicks = new Map<ArticleId, number>()

  const seenBy = (person: Person) => {
    const ids = seen.get(person) ?? new Set()
    seen.set(person, ids)
    return ids
  }

  return {
    servePage(random, person, channel, now) {
      const seenIds = seenBy(person)
      const candidates: { article: Article; key: number }[] = []
      for (let i = articles.length - 1; i >= 0; i--) {
        const article = articles[i] as Article
        if (article.at > now || seenIds.has(article.id) || (channel > 0 && CHANNEL_OF[article.topic] !== channel - 1)) continue
        const age = now - article.at
        if (age > SHOWN_MS) break
        const language = person.readsLanguage[article.language] ? 1 : 0.3
        const affinity = 0.5 + (person.affinities[article.topic] as number)
        const weight = (0.03 + Math.exp(-age / FRESH_MS)) * Math.sqrt(1 + (clicks.get(article.id) ?? 0)) * affinity * language
        // Weighted sampling without replacement (Efraimidis and Spirakis): the smallest exponential keys win.
        candidates.push({ article, key: -Math.log(1 - random.next()) / weight })
      }
      return candidates
        .toSorted((a, b) => a.key - b.key)
        .slice(0, PAGE_SIZE)
        .map(({ article }) => article)
    },
    recordSeen: (person, article) => seenBy(person).add(article.id),
    recordClick: article => clicks.set(article.id, (clicks.get(article.id) ?? 0) + 1),
  }
}
