// Makes the articles of the demo world: author, time, quality and text of each.

import { DAY, HOUR, MINUTE } from '../base/clock.ts'
import type { ArticleId } from '../base/id.ts'
import { createSeededRandom, type Random } from '../base/seeded-random.ts'
import { writeArticle } from './article-text.ts'
import type { Topic } from './content/topic.ts'
import { TOPICS } from './content/topics.ts'
import { type Article, type Person, PUBLISHED } from './model.ts'
import { picturePath } from './pictures.ts'
import { pickMoment, WORLD_AGE_MS, WRITING_RHYTHM } from './timeline.ts'

// How many articles of the last day, of the six days before it and of the rest of the month: a reader who comes today
// finds today's news.
const PERIODS = [
  { count: 90, from: DAY, to: 0 },
  { count: 230, from: 7 * DAY, to: DAY },
  { count: 340, from: WORLD_AGE_MS, to: 7 * DAY },
]
// Statuses of articles that give the studio and the admin something to do: 4 drafts, 14 to review, 3 refused.
const UNPUBLISHED = [0, 0, 0, 0, ...Array<number>(14).fill(1), 3, 3, 3]

// A quarter of the articles is English. Three of the thirteen channels are.
const articleShare = (topic: Topic) => (topic.language === 'en' ? 0.25 / 3 : 0.75 / 10)

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
  const shares = TOPICS.map(articleShare)
  const titles = new Set<string>()
  return pickPublications(random, now).map(({ at, status }) => {
    const topicIndex = random.weighted(shares)
    const topic = TOPICS[topicIndex] as Topic
    const id = idAt(at) as ArticleId
    const author = pickAuthor(random, people, topicIndex, status)
    const coverSize = random.pick([0, 1, 1, 3]) // a quarter without a picture, half with one, a quarter with three
    const { tag, title, html, keywords } = writeArticle({ random, topic, id, coverSize, titles })
    return {
      id,
      authorId: author.id,
      topic: topicIndex,
      language: topic.language,
      tag,
      title,
      html,
      keywords,
      cover: Array.from({ length: coverSize }, (_, n) => picturePath(id, n + 1)),
      status,
      at,
      quality: random.normal(),
    }
  })
}

/** Oldest first, so that the order of ids is the order of times. */
function pickPublications(random: Random, now: number): { at: number; status: number }[] {
  const published = PERIODS.flatMap(({ count, from, to }) =>
    Array.from({ length: count }, () => ({ at: pickMoment(random, now - from, now - to, WRITING_RHYTHM), status: PUBLISHED })),
  )
  // Three within the last two hours, even at night: the newest line of the feed should not be from yesterday.
  const newest = [12 * MINUTE, 47 * MINUTE, 2 * HOUR].map(ago => ({ at: now - ago, status: PUBLISHED }))
  const unpublished = UNPUBLISHED.map(status => ({ at: pickMoment(random, now - 4 * DAY, now, WRITING_RHYTHM), status }))
  return [...published, ...newest, ...unpublished].toSorted((a, b) => a.at - b.at)
}

function pickAuthor(random: Random, people: Person[], topic: number, status: number): Person {
  const writers = people.filter(person => person.topics.includes(topic))
  const account = people[0] as Person
  // Half of the unpublished Chinese articles are by the account one signs in with, so that its studio is not empty.
  if (status !== PUBLISHED && TOPICS[topic]?.language === 'zh' && random.chance(0.5)) return account
  return random.pick(writers)
}
