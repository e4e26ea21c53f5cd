// Makes the people of the demo world: the account one signs in with, creators, who write for one channel, and readers.

import { DAY } from '../base/clock.ts'
import type { ReaderId } from '../base/id.ts'
import type { Language } from '../base/language.ts'
import { createSeededRandom, type Random } from '../base/seeded-random.ts'
import { endsZh, introsEn, introsZh, namesEn, startsZh } from './content/names.ts'
import { TOPICS } from './content/topics.ts'
import type { Person } from './model.ts'
import { WORLD_AGE_MS } from './timeline.ts'

/** The demo account, a reader and a verified creator. The existing clients fill in this number. */
export const ACCOUNT_MOBILE = '13911111111'

const READERS = 150

export function makePeople({ seed, now, idAt }: { seed: number; now: number; idAt: (ms: number) => bigint }): Person[] {
  const random = createSeededRandom(seed, 'people')
  const begin = now - WORLD_AGE_MS
  const join = (joinedAt: number, person: Omit<Person, 'id' | 'joinedAt'>): Person => ({
    id: idAt(joinedAt) as ReaderId,
    joinedAt,
    ...person,
  })
  // The account joins first: seed.sql.ts finds it by its lowest id. It writes about technology and food, in Chinese, and has
  // read a little already.
  const account = join(begin - 301 * DAY, {
    name: '大橙子',
    intro: '写一点科技，吃一点人间。',
    mobile: ACCOUNT_MOBILE,
    gender: 1,
    topics: [0, 4],
    ...makeInterests(random, [0, 4, 5], 'zh'),
    visitsPerDay: 0.5,
  })
  const creators = TOPICS.flatMap((topic, index) =>
    topic.creators.map(([name, intro]) =>
      join(Math.floor(random.between(begin - 300 * DAY, begin)), {
        name,
        intro,
        topics: [index],
        ...makeInterests(random, [index], topic.language),
        visitsPerDay: random.between(0.05, 0.3),
      }),
    ),
  )
  const readers = makeReaderNames(random).map(({ name, language }) => {
    const ofLanguage = TOPICS.flatMap((topic, index) => (topic.language === language ? [index] : []))
    const bilingual = random.chance(0.25)
    const favourites = random.shuffle(bilingual ? TOPICS.map((_, index) => index) : ofLanguage).slice(0, random.int(2, 3))
    // Three in four joined before the month began.
    const joinedAt = Math.floor(random.chance(0.75) ? random.between(begin - 200 * DAY, begin) : random.between(begin, now - 2 * DAY))
    const interests = makeInterests(random, favourites, language, bilingual)
    // Log-normal, as audiences are: a few come all the time, most now and then.
    const visitsPerDay = Math.min(3, 0.38 * Math.exp(0.8 * random.normal()))
    const intro = random.pick(language === 'zh' ? introsZh : introsEn)
    return join(joinedAt, { name, intro, topics: [], ...(random.chance(0.5) && { gender: random.int(0, 1) }), ...interests, visitsPerDay })
  })
  return [account, ...creators, ...readers]
}

function makeInterests(
  random: Random,
  favourites: number[],
  language: Language,
  bilingual = false,
): Pick<Person, 'affinities' | 'favouriteTags' | 'readsLanguage'> {
  const affinities = TOPICS.map((_, index) => (favourites.includes(index) ? random.between(0.75, 1) : random.between(0, 0.25)))
  const tags = favourites.flatMap(index => TOPICS[index]?.stories.map(story => story.tag) ?? [])
  return {
    affinities,
    favouriteTags: new Set(random.shuffle(tags).slice(0, 4)),
    readsLanguage: { zh: bilingual || language === 'zh', en: bilingual || language === 'en' },
  }
}

function makeReaderNames(random: Random): { name: string; language: Language }[] {
  const chinese = startsZh.flatMap(start => endsZh.map(end => start + end)).filter(name => name.length <= 7)
  const english = namesEn.map(name => ({ name, language: 'en' as const }))
  const rest = random.shuffle(chinese).slice(0, READERS - english.length)
  return random.shuffle([...english, ...rest.map(name => ({ name, language: 'zh' as const }))])
}
