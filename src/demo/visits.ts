// Simulates a month of visits, in the order of time, because what is clicked today is shown more tomorrow. reading.ts
// decides what a person does on a page.

import { DAY, MINUTE } from '../base/clock.ts'
import type { PageId, ReaderId } from '../base/id.ts'
import { createSeededRandom, type Random } from '../base/seeded-random.ts'
import { CHANNEL_OF } from './content/topics.ts'
import { createFeedSimulator } from './feed-simulator.ts'
import { type Article, type Behaviour, type Edge, type Page, type Person, PUBLISHED } from './model.ts'
import { createReading } from './reading.ts'
import { pickMoment, READING_RHYTHM, WORLD_AGE_MS } from './timeline.ts'

// As in the product: served pages are kept for three days.
const PAGES_KEPT_MS = 3 * DAY
const PAGES_PER_VISIT_MAX = 6

interface Visit {
  person: Person
  at: number
}

export interface Visits {
  behaviours: Behaviour[]
  pages: Page[]
  followings: Edge<ReaderId>[]
}

export function simulateVisits({
  seed,
  now,
  idAt,
  people,
  articles,
}: {
  seed: number
  now: number
  idAt: (ms: number) => bigint
  people: Person[]
  articles: Article[]
}): Visits {
  const random = createSeededRandom(seed, 'visits')
  const feed = createFeedSimulator(articles.filter(article => article.status === PUBLISHED))
  const { behaviours, followings, readPage } = createReading(random, feed)
  const pages: Page[] = []
  const lowestCursors = new Map<string, number>()

  for (const visit of planVisits(random, people, now)) simulateVisit(visit)
  behaviours.sort((a, b) => a.at - b.at)
  // What would happen after now is left out.
  return {
    behaviours: assignIds(
      seed,
      behaviours.filter(one => one.at <= now),
    ),
    pages: pages.filter(page => page.at > now - PAGES_KEPT_MS),
    followings: followings.filter(one => one.at <= now),
  }

  function simulateVisit({ person, at }: Visit): void {
    let time = at
    const channel = pickChannel(random, person)
    let feedSession: PageId | undefined
    let continued: number | undefined
    // After each page, 45 % ask for the next.
    for (let n = 0; n < PAGES_PER_VISIT_MAX && (n === 0 || random.chance(0.45)) && time < now - MINUTE; n++) {
      const shown = feed.servePage(random, person, channel, time)
      if (shown.length === 0) break
      const id = idAt(time) as PageId
      feedSession ??= id
      const cursor: number = continued ?? time
      const key = `${person.id}/${channel}`
      const nextCursor = Math.min(lowestCursors.get(key) ?? cursor, cursor) - 1
      lowestCursors.set(key, nextCursor)
      pages.push({
        id,
        readerId: person.id,
        channel,
        feedSession,
        cursor,
        nextCursor,
        ...(continued === undefined && { requestedCursor: cursor }),
        articleIds: shown.map(one => one.id),
        at: time,
      })
      continued = nextCursor
      time = readPage(person, shown, id, time)
    }
  }
}

function planVisits(random: Random, people: Person[], now: number): Visit[] {
  const visits = people.flatMap(person => {
    const from = Math.max(person.joinedAt, now - WORLD_AGE_MS)
    const count = Math.round(person.visitsPerDay * ((now - from) / DAY) * random.between(0.7, 1.3))
    return Array.from({ length: Math.max(1, count) }, () => ({ person, at: pickMoment(random, from, now - 5 * MINUTE, READING_RHYTHM) }))
  })
  return visits.toSorted((a, b) => a.at - b.at)
}

/** Mostly the recommended channel (0), else that of a topic by affinity (its index plus 1). */
function pickChannel(random: Random, person: Person): number {
  if (random.chance(0.65)) return 0
  return (CHANNEL_OF[random.weighted(person.affinities.map(affinity => affinity ** 3))] as number) + 1
}

/** Gives behaviours, sorted by time, ids that a second seeding makes again: UUIDs of version 8 (custom). */
function assignIds(seed: number, behaviours: Behaviour[]): Behaviour[] {
  const random = createSeededRandom(seed, 'behaviour ids', behaviours[0]?.at ?? 0)
  const hex = (digits: number) =>
    Math.floor(random.next() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0')
  return behaviours.map(one => ({ ...one, id: `${hex(8)}-${hex(4)}-8${hex(3)}-8${hex(3)}-${hex(8)}${hex(4)}` }))
}
