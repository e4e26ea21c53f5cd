// Who lives in the demo world: creators, who write for one channel, and readers with tastes that no row tells.

import { DAY } from '../base/clock.ts'
import type { ReaderId } from '../base/id.ts'
import { createSeededRandom, type Random } from '../base/seeded-random.ts'
import { endsZh, introsEn, introsZh, namesEn, startsZh } from './content/names.ts'
import type { Language } from './content/topic.ts'
import { TOPICS } from './content/topics.ts'
import { WORLD_AGE_MS } from './moments.ts'

/** Everybody's way in at first start: a reader and a verified creator (the existing clients fill this number in). */
export const ACCOUNT_MOBILE = '13911111111'

const READERS = 150

export interface Person {
  id: ReaderId
  name: string
  intro: string
  mobile?: string
  gender?: number
  /** The topics a creator writes about; none for readers. */
  topics: number[]
  /** How much each topic draws this person, 0–1, by its place among the topics. */
  affinities: number[]
  /** Story tags that make this person look twice. */
  favouriteTags: Set<string>
  readsLanguage: Record<Language, boolean>
  /** Visits a day. */
  visitsPerDay: number
  joinedAt: number
}

export function makePeople({ seed, now, idAt }: { seed: number; now: number; idAt: (ms: number) => bigint }): Person[] {
  const random = createSeededRandom(seed, 'people')
  const add = (joinedAt: number, person: Omit<Person, 'id' | 'joinedAt'>): Person => ({
    id: idAt(joinedAt) as ReaderId,
    joinedAt,
    ...person,
  })
  const before = now - WORLD_AGE_MS
  // The account came first of all (demo.sql.ts counts on it). It is no channel's own: it writes about technology and food, in Chinese, and has read a little of its own.
  const account = add(before - 301 * DAY, {
    name: '大橙子',
    intro: '写一点科技，吃一点人间。',
    mobile: ACCOUNT_MOBILE,
    gender: 1,
    topics: [0, 4],
    ...character(random, [0, 4, 5], 'zh'),
    visitsPerDay: 0.5,
  })
  const creators = TOPICS.flatMap((topic, place) =>
    topic.creators.map(([name, intro]) =>
      // A creator looks in now and then, mostly at the own subject.
      add(Math.floor(random.between(before - 300 * DAY, before)), {
        name,
        intro,
        topics: [place],
        ...character(random, [place], topic.language),
        visitsPerDay: random.between(0.05, 0.3),
      }),
    ),
  )
  const names = readerNames(random)
  const readers = names.map(({ name, language }) => {
    const own = TOPICS.flatMap((topic, place) => (topic.language === language ? [place] : []))
    const both = random.chance(0.25)
    const favourites = random.shuffle(both ? TOPICS.map((_, place) => place) : own).slice(0, random.int(2, 3))
    // Three in four were here before the month began.
    const joinedAt = Math.floor(random.chance(0.75) ? random.between(before - 200 * DAY, before) : random.between(before, now - 2 * DAY))
    const traits = character(random, favourites, language, both)
    // A few come all the time, most now and then: the shape of every audience.
    const visits = Math.min(3, 0.38 * Math.exp(0.8 * random.normal()))
    const intro = random.pick(language === 'zh' ? introsZh : introsEn)
    return add(joinedAt, { name, intro, topics: [], ...(random.chance(0.5) && { gender: random.int(0, 1) }), ...traits, visitsPerDay })
  })
  return [account, ...creators, ...readers]
}

function character(random: Random, favourites: number[], language: Language, both = false): Pick<Person, 'tastes' | 'tags' | 'reads'> {
  const tastes = TOPICS.map((_, place) => (favourites.includes(place) ? random.between(0.75, 1) : random.between(0, 0.25)))
  const known = favourites.flatMap(place => TOPICS[place]?.stories.map(story => story.tag) ?? [])
  return {
    affinities,
    favouriteTags: new Set(random.shuffle(known).slice(0, 4)),
    readsLanguage: { zh: both || language === 'zh', en: both || language === 'en' },
  }
}

function readerNames(random: Random): { name: string; language: Language }[] {
  const chinese = startsZh.flatMap(start => endsZh.map(end => start + end)).filter(name => name.length <= 7)
  const english = namesEn.map(name => ({ name, language: 'en' as const }))
  const rest = random.shuffle(chinese).slice(0, READERS - english.length)
  return random.shuffle([...english, ...rest.map(name => ({ name, language: 'zh' as const }))])
}
