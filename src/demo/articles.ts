// Makes the articles of the demo world: author, time, quality and text of each.

import { DAY, HOUR, MINUTE } from '../base/clock.ts'
import type { ArticleId } from '../base/id.ts'
import { createSeededRandom, type Random } from '../base/seeded-random.ts'
import { createArticleWriter, type WrittenArticle } from './article-text.ts'
import { FEATURED, type Featured } from './content/featured.ts'
import type { Topic } from './content/topic.ts'
import { TOPICS } from './content/topics.ts'
import { type Article, type Person, PUBLISHED } from './model.ts'
import { picturePath } from './pictures.ts'
import { pickMoment, WORLD_AGE_MS, WRITING_RHYTHM } from './timeline.ts'

// How many articles of the last day, of the six days before it and of the rest of the month: a reader who comes today
// finds today's news.
const PERIODS = [
  { count: 125, from: DAY, to: 0 },
  { count: 275, from: 7 * DAY, to: DAY },
  { count: 200, from: WORLD_AGE_MS, to: 7 * DAY },
]
// Statuses of articles that give the studio and the admin something to do: 4 drafts, 14 to review, 3 refused.
const UNPUBLISHED = [0, 0, 0, 0, ...Array<number>(14).fill(1), 3, 3, 3]

/** Published when most readers have been by since; as good as the best one in forty. */
const FEATURED_AGE_MS = 20 * HOUR
const FEATURED_QUALITY = 2

// Enough English ones for two pages of each channel. Within a language a channel's share is that of its titles, each of which is used once.
const ENGLISH_SHARE = 0.43
const titleCount = (topic: Topic) => topic.stories.reduce((sum, story) => sum + story.titles.length, 0)

function articleShare(topic: Topic): number {
  const all = TOPICS.filter(({ language }) => language === topic.language).reduce((sum, other) => sum + titleCount(other), 0)
  return ((topic.language === 'en' ? ENGLISH_SHARE : 1 - ENGLISH_SHARE) * titleCount(topic)) / all
}

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
  const writer = createArticleWriter(random)
  return pickPublications(random, now).map(({ at, status, featured }) => {
    const topicIndex = featured
      ? TOPICS.findIndex(topic => topic.channel === featured.channel)
      : random.weighted(shares.map((share, i) => (writer.canWrite(TOPICS[i] as Topic) ? share : 0)))
    const topic = TOPICS[topicIndex] as Topic
    const id = idAt(at) as ArticleId
    const author = pickAuthor(random, people, topicIndex, status)
    const coverSize = random.pick([0, 1, 1, 3]) // a quarter without a picture, half with one, a quarter with three
    return {
      id,
      authorId: author.id,
      topic: topicIndex,
      language: topic.language,
      status,
      at,
      quality: featured ? FEATURED_QUALITY : random.normal(),
      ...(featured ? layOut(featured, id) : writer.write(topic, id, coverSize)),
    }
  })
}

function layOut({ tag, title, keywords, pictures, html }: Featured, id: bigint): WrittenArticle {
  const [cover, inText] = pictures
  return {
    tag,
    title,
    keywords: [...keywords],
    cover: [picturePath(id, 1, cover)],
    html: html.replace('{picture}', picturePath(id, 2, inText)),
  }
}

interface Publication {
  at: number
  status: number
  featured?: Featured
}

/** Oldest first, so that the order of ids is the order of times. */
function pickPublications(random: Random, now: number): Publication[] {
  const published = PERIODS.flatMap(({ count, from, to }) =>
    Array.from({ length: count }, () => ({ at: pickMoment(random, now - from, now - to, WRITING_RHYTHM), status: PUBLISHED })),
  )
  // Three within the last two hours, even at night: the newest line of the feed should not be from yesterday.
  const newest = [12 * MINUTE, 47 * MINUTE, 2 * HOUR].map(ago => ({ at: now - ago, status: PUBLISHED }))
  const unpublished = UNPUBLISHED.map(status => ({ at: pickMoment(random, now - 4 * DAY, now, WRITING_RHYTHM), status }))
  const pinned = FEATURED.map((featured, i) => ({ at: now - FEATURED_AGE_MS - i * HOUR, status: PUBLISHED, featured }))
  return [...published, ...newest, ...unpublished, ...pinned].toSorted((a, b) => a.at - b.at)
}

function pickAuthor(random: Random, people: Person[], topic: number, status: number): Person {
  const writers = people.filter(person => person.topics.includes(topic))
  const account = people[0] as Person
  // Half of the unpublished Chinese articles are by the account one signs in with, so that its studio is not empty.
  if (status !== PUBLISHED && TOPICS[topic]?.language === 'zh' && random.chance(0.5)) return account
  return random.pick(writers)
}
