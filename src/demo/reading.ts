// Simulates what a person does on a page of the feed. Clicks depend on affinity, quality, position and language, so a
// model trained on these rows has something to learn.

import { MINUTE, SECOND } from '../base/clock.ts'
import type { PageId, ReaderId } from '../base/id.ts'
import type { Random } from '../base/seeded-random.ts'
import type { FeedSimulator } from './feed-simulator.ts'
import type { Article, Behaviour, Edge, Person } from './model.ts'

type Placement = Pick<Behaviour, 'readerId' | 'articleId' | 'pageId' | 'position'>

export function createReading(random: Random, feed: FeedSimulator) {
  const behaviours: Behaviour[] = []
  const followings: Edge<ReaderId>[] = []
  const followed = new Set<string>()
  const clicksOfAuthor = new Map<string, number>()

  /** Scrolls down a page, maybe not to its end, and opens what appeals. Returns the time at the end. */
  function readPage(person: Person, shown: Article[], pageId: PageId, from: number): number {
    let time = from
    const depth = random.chance(0.75) ? shown.length : random.int(3, shown.length)
    shown.slice(0, depth).forEach((article, position) => {
      time += random.int(400, 2_500) // ms to read one headline
      const placement: Placement = { readerId: person.id, articleId: article.id, pageId, position }
      behaviours.push({ id: '', action: 'exposure', ...placement, at: time })
      feed.recordSeen(person, article)
      const appeal = appealOf(person, article, followed.has(`${person.id}/${article.authorId}`))
      if (!random.chance(sigmoid(appeal - 0.13 * position - 2.7))) return
      time += random.int(500, 2_000)
      time = openArticle(person, article, placement, appeal, time)
    })
    return time
  }

  function openArticle(person: Person, article: Article, placement: Placement, appeal: number, from: number): number {
    behaviours.push({ id: '', action: 'click', ...placement, at: from })
    feed.recordClick(article)
    // A whole article takes a minute or two. The more it appeals, the larger the part that is read.
    const wholeMs = article.html.length * (article.language === 'zh' ? 130 : 35) // ms a letter, at a calm pace
    const partRead = Math.min(1.2, Math.max(0.04, sigmoid(appeal + 0.8 * article.quality + random.normal() - 0.4) * 1.2))
    const dwellMs = Math.min(20 * MINUTE, Math.round(2 * SECOND + wholeMs * partRead))
    let time = from + dwellMs
    if (random.chance(0.93)) behaviours.push({ id: '', action: 'read', ...placement, dwellMs, at: time })
    const pleasure = sigmoid(appeal + article.quality - 1) * partRead
    const act = (action: Behaviour['action']) => {
      time += random.int(500, 3_000)
      behaviours.push({ id: '', action, ...placement, at: time })
    }
    if (random.chance(0.22 * pleasure)) act('like')
    else if (partRead < 0.3 && random.chance(0.2)) act('dislike')
    if (random.chance(0.12 * pleasure)) act('collect')
    if (random.chance(0.06 * pleasure)) act('share')
    maybeFollow(person, article, pleasure, time)
    return time
  }

  /** A reader follows an author after two opened articles at the earliest. */
  function maybeFollow(person: Person, article: Article, pleasure: number, at: number): void {
    const key = `${person.id}/${article.authorId}`
    const clicks = (clicksOfAuthor.get(key) ?? 0) + 1
    clicksOfAuthor.set(key, clicks)
    if (person.id === article.authorId || followed.has(key) || clicks < 2 || !random.chance(0.3 * pleasure)) return
    followed.add(key)
    followings.push({ from: person.id, to: article.authorId, at: at + SECOND })
  }

  return { behaviours, followings, readPage }
}

/** How much an article appeals to a person, in log odds. */
function appealOf(person: Person, article: Article, followsAuthor: boolean): number {
  const foreign = person.readsLanguage[article.language] ? 0 : -1.9
  return (
    2.1 * (person.affinities[article.topic] as number) +
    (person.favouriteTags.has(article.tag) ? 0.9 : 0) +
    0.8 * article.quality +
    (followsAuthor ? 0.7 : 0) +
    (article.cover.length > 0 ? 0.15 : 0) +
    foreign
  )
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
