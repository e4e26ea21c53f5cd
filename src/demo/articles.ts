// What stands in the demo world's paper: who wrote it, when, how good it is, and every word of it.

import { DAY, HOUR, MINUTE } from '../base/clock.ts'
import type { ArticleId, ReaderId } from '../base/id.ts'
import { createSeededRandom, type Random } from '../base/seeded-random.ts'
import { composeArticle } from './article-text.ts'
import type { Language, Topic } from './content/topic.ts'
import { TOPICS } from './content/topics.ts'
import { pickMoment, WORLD_AGE_MS, WRITING_RHYTHM } from './moments.ts'
import type { Person } from './people.ts'

export interface Article {
  id: ArticleId
  authorId: ReaderId
  /** The place of its topic. */
  topic: number
  language: Language
  tag: string
  title: string
  html: string
  keywords: string[]
  cover: string[]
  status: number
  at: number
  /** How good it is, which no row tells: about −2 to 2. */
  quality: number
}

export const PUBLISHED = 2
// Of the last day, the six before it and the rest of the month: a reader who comes today finds today's news.
const WHEN = [
  { count: 90, from: DAY, to: 0 },
  { count: 230, from: 7 * DAY, to: DAY },
  { count: 340, from: WORLD_AGE_MS, to: 7 * DAY },
]
// Work for the studio and the back office: drafts, articles to review, refused ones.
const UNPUBLISHED = [0, 0, 0, 0, ...Array<number>(14).fill(1), 3, 3, 3]

// A quarter of the paper is English, which has three channels of thirteen; 0.25 / 3 and 0.75 / 10.
const shareOf = (topic: Topic) => (topic.language === 'en' ? 0.25 / 3 : 0.75 / 10)

export function makeArticles({
  seed,
  now,
  idAt,
  people,
}: {
  seed: number
  now: number
  idAt: (ms: number) => bigint
  people: Person[]
}): Article[] {
  const random = createSeededRandom(seed, 'articles')
  const shares = TOPICS.map(shareOf)
  const titles = new Set<string>()
  const moments = WHEN.flatMap(({ count, from, to }) =>
    Array.from({ length: count }, () => ({ at: pickMoment(random, now - from, now - to, WRITING_RHYTHM), status: PUBLISHED })),
  )
  // Three within the last hours even when it is night: nobody opens a paper whose newest line is from yesterday.
  const newest = [12 * MINUTE, 47 * MINUTE, 2 * HOUR].map(ago => ({ at: now - ago, status: PUBLISHED }))
  const waiting = UNPUBLISHED.map(status => ({ at: pickMoment(random, now - 4 * DAY, now, WRITING_RHYTHM), status }))
  // Oldest first, so that ids and times agree and rows lie in the order in which they will be read.
  const all = [...moments, ...newest, ...waiting].toSorted((a, b) => a.at - b.at)
  return all.map(({ at, status }) => {
    const place = random.weighted(shares)
    const topic = TOPICS[place] as Topic
    const id = idAt(at) as ArticleId
    const author = authorOf(random, people, place, status)
    const pictures = random.pick([0, 1, 1, 3]) // a quarter without, half with one, a quarter with three
    const { tag, title, html, keywords } = composeArticle({ random, topic, id, pictures, titles })
    const cover = Array.from({ length: pictures }, (_, n) => picturePath(id, n + 1))
    return {
      id,
      authorId: author.id,
      topic: place,
      language: topic.language,
      tag,
      title,
      html,
      keywords,
      cover,
      status,
      at,
      quality: random.normal(),
    }
  })
}

/** Below PUBLIC_URL; drawing.ts draws it when somebody looks. */
export const picturePath = (id: bigint, n: number) => `drawn/${id}-${n}.svg`

function authorOf(random: Random, people: Person[], topic: number, status: number): Person {
  const writers = people.filter(person => person.topics.includes(topic))
  const account = people[0] as Person
  // Every other unpublished article is the account's, whose studio would look bare without; English is not its language.
  if (status !== PUBLISHED && TOPICS[topic]?.language === 'zh' && random.chance(0.5)) return account
  return random.pick(writers)
}
