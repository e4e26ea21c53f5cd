// A small world with hidden tastes, in which rankings can be compared: what each reader would click is known here, and only here.
// The same seed makes the same articles, readers and visits for every ranking.

import type { ArticleId, ChannelId, ReaderId } from '../src/base/id.ts'
import { createSeededRandom } from '../src/base/seeded-random.ts'
import type { ArticleFacts } from '../src/recommend/catalogue/catalogue.ts'

const HOUR = 3_600_000
const [CHANNELS, AUTHORS, READERS, TASTES] = [12, 60, 300, 4]
const [DAYS, ARTICLES_A_DAY, OLD_ARTICLES] = [7, 150, 400]
const FRESH_MS = 18 * HOUR // news is half as interesting after it
const EXAMINED = 0.92 // of the places before: readers stop somewhere on a page
const CONTINUES = 0.55

export interface WorldArticle extends ArticleFacts {
  quality: number
  taste: number[]
}

export interface WorldReader {
  key: string
  interests: number[]
  taste: number[]
}

export interface Visit {
  at: number
  reader: WorldReader
  /** Decides what is clicked and whether the reader goes on. */
  seed: number
}

export const STARTED_AT = Date.UTC(2026, 0, 5)

export function makeWorld(seed: number, visitsCount: number) {
  const random = createSeededRandom('world', seed)
  const vector = (length: number) => Array.from({ length }, () => random.normal())
  const article = (i: number, publishedAt: number): WorldArticle => ({
    id: BigInt(i + 1) as ArticleId,
    authorId: BigInt(1 + random.int(0, AUTHORS - 1)) as ReaderId,
    channelId: (1 + random.int(0, CHANNELS - 1)) as ChannelId,
    publishedAt,
    language: 'en',
    quality: random.normal() * 0.9,
    taste: vector(TASTES),
  })
  const endsAt = STARTED_AT + DAYS * 24 * HOUR
  const articles = [
    ...Array.from({ length: OLD_ARTICLES }, (_, i) => article(i, STARTED_AT - random.between(0, 72) * HOUR)),
    ...Array.from({ length: DAYS * ARTICLES_A_DAY }, (_, i) => article(OLD_ARTICLES + i, random.between(STARTED_AT, endsAt))),
  ].toSorted((a, b) => a.publishedAt - b.publishedAt)
  const readers: WorldReader[] = Array.from({ length: READERS }, (_, i) => ({
    key: `r${i + 1}`,
    interests: Array.from({ length: CHANNELS }, () => (random.chance(0.25) ? random.between(0.8, 2) : random.between(-1.2, 0))),
    taste: vector(TASTES),
  }))
  const visits: Visit[] = Array.from({ length: visitsCount }, (_, i) => ({
    at: random.between(STARTED_AT, endsAt),
    reader: readers[Math.floor(random.next() ** 1.5 * READERS)] as WorldReader,
    seed: i,
  })).toSorted((a, b) => a.at - b.at)
  return { articles, visits }
}

/** The probability that a reader who looks at the article clicks it. */
export function appealTo(reader: WorldReader, article: WorldArticle, at: number): number {
  const match = article.taste.reduce((sum, value, i) => sum + value * (reader.taste[i] as number), 0) / TASTES
  const age = (at - article.publishedAt) / FRESH_MS
  const interest = reader.interests[article.channelId - 1] as number
  return 1 / (1 + Math.exp(2.6 - article.quality - interest - 0.8 * match + 0.7 * age))
}

/** What a page is worth: the clicks expected on it. */
export const worthOf = (page: readonly number[]): number => page.reduce((sum, appeal, place) => sum + appeal * EXAMINED ** place, 0)

/** What the reader does with a page: the places clicked, and whether they ask for more. */
export function readPage(page: readonly number[], visit: Visit, depth: number): { clicked: number[]; continues: boolean } {
  const random = createSeededRandom('visit', visit.seed, depth)
  const clicked: number[] = []
  for (const [place, appeal] of page.entries()) if (random.chance(EXAMINED ** place) && random.chance(appeal)) clicked.push(place)
  return { clicked, continues: random.chance(CONTINUES) }
}
