// The feed the demo's people were served: newer and more clicked articles more often, a little by taste, much by chance.
// Chance matters. Rows made by a feed that only ever shows the best teach nothing about the rest.

import { DAY } from '../base/clock.ts'
import type { ArticleId } from '../base/id.ts'
import type { Random } from '../base/seeded-random.ts'
import type { Article } from './articles.ts'
import type { Person } from './people.ts'

const PAGE = 10 // articles on a page, as the contract has it
const FRESH_MS = 1.5 * DAY
const SHOWN_MS = 14 * DAY

export interface FeedSimulator {
  /** A page of what was out at `now` and this person has not seen. `channel` is a topic's place plus 1, or 0 for all. */
  servePage(random: Random, person: Person, channel: number, now: number): Article[]
  recordSeen(person: Person, article: Article): void
  recordClick(article: Article): void
}

/** `articles` must be sorted by time. */
export function createFeedSimulator(articles: Article[]): FeedSimulator {
  const seen = new Map<Person, Set<ArticleId>>()
  const clicks = new Map<ArticleId, number>()

  const seenBy = (person: Person) => {
    const known = seen.get(person) ?? new Set()
    seen.set(person, known)
    return known
  }

  return {
    servePage(random, person, channel, now) {
      const known = seenBy(person)
      const drawn: { article: Article; key: number }[] = []
      for (let i = articles.length - 1; i >= 0; i--) {
        const article = articles[i] as Article
        if (article.at > now || known.has(article.id) || (channel > 0 && article.topic !== channel - 1)) continue
        const age = now - article.at
        if (age > SHOWN_MS) break
        const language = person.readsLanguage[article.language] ? 1 : 0.3
        const taste = 0.5 + (person.affinities[article.topic] as number)
        const weight = (0.03 + Math.exp(-age / FRESH_MS)) * Math.sqrt(1 + (clicks.get(article.id) ?? 0)) * taste * language
        // The ten smallest of exponential clocks are a sample without replacement, each as likely as its weight.
        drawn.push({ article, key: -Math.log(1 - random.next()) / weight })
      }
      return drawn
        .toSorted((a, b) => a.key - b.key)
        .slice(0, PAGE)
        .map(one => one.article)
    },
    recordSeen: (person, article) => seenBy(person).add(article.id),
    recordClick: article => clicks.set(article.id, (clicks.get(article.id) ?? 0) + 1),
  }
}
