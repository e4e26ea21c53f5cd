// A month of reading. Visits happen one after another in time, for what people click today is shown more tomorrow.
// Whether somebody clicks depends on tastes, quality, place on the page and language, as it would in life: a model that
// learns from these rows finds something there to learn.

import { DAY, MINUTE, SECOND } from '../base/clock.ts'
import type { PageId, ReaderId } from '../base/id.ts'
import { createSeededRandom, type Random } from '../base/seeded-random.ts'
import type { Article } from './articles.ts'
import { createFeedSimulator } from './feed-simulator.ts'
import { pickMoment, READING_RHYTHM, WORLD_AGE_MS } from './moments.ts'
import type { Person } from './people.ts'
import type { Behaviour, Edge, Page } from './world.ts'

// Served pages are kept three days; what was done on older ones remains.
const PAGES_KEPT = 3 * DAY

interface Visit {
  person: Person
  at: number
}

export interface Visits {
  behaviours: Behaviour[]
  pages: Page[]
  followings: Edge<ReaderId>[]
}

export function simulateVisits(given: {
  seed: number
  now: number
  idAt: (ms: number) => bigint
  people: Person[]
  articles: Article[]
}): Visits {
  const { seed, now, idAt, people, articles } = given
  const random = createSeededRandom(seed, 'visits')
  const shelf = createFeedSimulator(articles.filter(article => article.status === 2))
  const behaviours: Behaviour[] = []
  const pages: Page[] = []
  const followings: Edge<ReaderId>[] = []
  const followed = new Set<string>()
  const opened = new Map<string, number>()
  const lowest = new Map<string, number>()

  for (const { person, at } of visitsOf(random, people, now)) {
    let time = at
    const channel = channelOf(random, person)
    let scroll: PageId | undefined
    let asked: number | undefined
    // Visits have one to six pages; a little under half of those who saw one ask for the next.
    for (let n = 0; n < 6 && (n === 0 || random.chance(0.45)) && time < now - MINUTE; n++) {
      const shown = shelf.servePage(random, person, channel, time)
      if (shown.length === 0) break
      const id = idAt(time) as PageId
      scroll ??= id
      const key = `${person.id}/${channel}`
      const stamp: number = asked ?? time
      const older = Math.min(lowest.get(key) ?? stamp, stamp) - 1
      lowest.set(key, older)
      pages.push({
        id,
        readerId: person.id,
        channel,
        scroll,
        stamp,
        older,
        ...(asked === undefined && { asked: stamp }),
        articleIds: shown.map(one => one.id),
        at: time,
      })
      asked = older
      time = lookAt(person, shown, id, time)
    }
  }
  behaviours.sort((a, b) => a.at - b.at)
  // Whatever would lie ahead of now has not happened.
  return {
    behaviours: numbered(
      seed,
      behaviours.filter(one => one.at <= now),
    ),
    pages: pages.filter(page => page.at > now - PAGES_KEPT),
    followings: followings.filter(one => one.at <= now),
  }

  /** Somebody goes down a page, opens what looks good, and comes to its end, or not; returns when. */
  function lookAt(person: Person, shown: Article[], pageId: PageId, from: number): number {
    let time = from
    const depth = random.chance(0.75) ? shown.length : random.int(3, shown.length)
    shown.slice(0, depth).forEach((article, position) => {
      time += random.int(400, 2_500) // ms to pass one headline
      const place = { readerId: person.id, articleId: article.id, pageId, position }
      behaviours.push({ id: '', action: 'exposure', ...place, at: time })
      shelf.recordSeen(person, article)
      const draw = drawOf(person, article, followed.has(`${person.id}/${article.authorId}`))
      if (!random.chance(sigmoid(draw - 0.13 * position - 2.7))) return
      time += random.int(500, 2_000)
      time = open(person, article, place, draw, time)
    })
    return time
  }

  function open(person: Person, article: Article, place: Omit<Behaviour, 'id' | 'action' | 'at'>, draw: number, from: number): number {
    behaviours.push({ id: '', action: 'click', ...place, at: from })
    shelf.recordClick(article)
    // A whole article takes a minute or two; those who like it finish it, others leave after a glance.
    const whole = article.html.length * (article.language === 'zh' ? 130 : 35) // ms a letter, at a calm pace
    const finished = Math.min(1.2, Math.max(0.04, sigmoid(draw + 0.8 * article.quality + random.normal() - 0.4) * 1.2))
    const dwellMs = Math.min(20 * MINUTE, Math.round(2 * SECOND + whole * finished))
    let time = from + dwellMs
    if (random.chance(0.93)) behaviours.push({ id: '', action: 'read', ...place, dwellMs, at: time })
    const pleased = sigmoid(draw + article.quality - 1) * finished
    const act = (action: Behaviour['action']) => {
      time += random.int(500, 3_000)
      behaviours.push({ id: '', action, ...place, at: time })
    }
    if (random.chance(0.22 * pleased)) act('like')
    else if (finished < 0.3 && random.chance(0.2)) act('dislike')
    if (random.chance(0.12 * pleased)) act('collect')
    if (random.chance(0.06 * pleased)) act('share')
    follow(person, article, pleased, time)
    return time
  }

  /** Nobody follows at first sight: from the second good article of an author on. */
  function follow(person: Person, article: Article, pleased: number, at: number): void {
    const key = `${person.id}/${article.authorId}`
    const times = (opened.get(key) ?? 0) + 1
    opened.set(key, times)
    if (person.id === article.authorId || followed.has(key) || times < 2 || !random.chance(0.3 * pleased)) return
    followed.add(key)
    followings.push({ from: person.id, to: article.authorId, at: at + SECOND })
  }
}

function visitsOf(random: Random, people: Person[], now: number): Visit[] {
  const all = people.flatMap(person => {
    const from = Math.max(person.joinedAt, now - WORLD_AGE_MS)
    const count = Math.round(person.visitsPerDay * ((now - from) / DAY) * random.between(0.7, 1.3))
    return Array.from({ length: Math.max(1, count) }, () => ({ person, at: pickMoment(random, from, now - 5 * MINUTE, READING_RHYTHM) }))
  })
  return all.toSorted((a, b) => a.at - b.at)
}

/** Mostly the recommended channel, else one that the reader likes. */
function channelOf(random: Random, person: Person): number {
  return random.chance(0.65) ? 0 : random.weighted(person.affinities.map(taste => taste ** 3)) + 1
}

/** How much an article draws a person, on the scale of log odds. */
function drawOf(person: Person, article: Article, followed: boolean): number {
  const foreign = person.readsLanguage[article.language] ? 0 : -1.9
  return (
    2.1 * (person.affinities[article.topic] as number) +
    (person.favouriteTags.has(article.tag) ? 0.9 : 0) +
    0.8 * article.quality +
    (followed ? 0.7 : 0) +
    (article.cover.length > 0 ? 0.15 : 0) +
    foreign
  )
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

/** Behaviours in the order of their time, with ids that a second seeding makes again: UUIDs of version 8, "our own". */
function numbered(seed: number, behaviours: Behaviour[]): Behaviour[] {
  const random = createSeededRandom(seed, 'behaviour ids', behaviours[0]?.at ?? 0)
  const hex = (digits: number) =>
    Math.floor(random.next() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0')
  return behaviours.map(one => ({ ...one, id: `${hex(8)}-${hex(4)}-8${hex(3)}-8${hex(3)}-${hex(8)}${hex(4)}` }))
}
