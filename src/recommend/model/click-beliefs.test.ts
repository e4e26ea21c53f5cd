import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSeededRandom } from '../../base/seeded-random.ts'
import { createClickBeliefs } from './click-beliefs.ts'

const NOON = 1_700_000_000
const MINUTE = 60
const [SPORT, ART] = [1, 2]
const [FAN, OTHERS] = [1, [2, 3, 4, 5]]
/** Articles from 10 on. */
const topicOf = (article: number) => (article % 2 ? SPORT : ART)
const shown = (article: number, ageH = 2) => ({ article, topic: topicOf(article), ageH })

/** A fan of sport, and others who like both topics alike, read pages of ten until the beliefs have settled. */
function readAll({ rateOf, pages = 400 }: { rateOf: (viewer: number, article: number) => number; pages?: number }) {
  const random = createSeededRandom('beliefs')
  const beliefs = createClickBeliefs()
  for (let page = 0; page < pages; page++) {
    const viewer = page % 2 ? FAN : (OTHERS[page % OTHERS.length] as number)
    // What the fan is shown is sport; article 11 is shown to nobody else.
    const articles = Array.from({ length: 10 }, (_, i) => (viewer === FAN ? 11 + 2 * random.int(0, 9) : 12 + ((page + i) % 20))).filter(
      article => viewer === FAN || article !== 11,
    )
    const clicked = Uint8Array.from(articles, article => Number(random.chance(rateOf(viewer, article))))
    beliefs.learn({ viewer, at: NOON + page * MINUTE, articles: articles.map(article => shown(article)), clicked })
  }
  return beliefs
}

test('an article that only those who love its topic were shown is not taken for a good one, and one that is clicked by all is', () => {
  const beliefs = readAll({ rateOf: (viewer, article) => (article === 20 ? 0.4 : viewer === FAN ? 0.5 : 0.1) })
  const [onlyFans, good, usual] = [11, 20, 22].map(article => beliefs.of(9, shown(article)).article) as [number, number, number]
  assert.ok(Math.abs(onlyFans - usual) < 0.45, `${onlyFans} beside ${usual}`) // five times as many clicks are 1.6
  assert.ok(good > usual + 0.7, `${good} beside ${usual}`)
  const tasteOf = (viewer: number) => beliefs.of(viewer, shown(11)).taste
  assert.ok(tasteOf(FAN) > 0.4 && OTHERS.every(viewer => tasteOf(viewer) < 0.1), String([FAN, ...OTHERS].map(tasteOf)))
})

test('of what is hardly known, one click says more than of what is known well', () => {
  const beliefs = readAll({ rateOf: () => 0.1 })
  const [known, isNew] = [22, 50]
  const before = beliefs.of(9, shown(known)).article
  beliefs.learn({ viewer: OTHERS[0] as number, at: NOON, articles: [shown(known), shown(isNew)], clicked: Uint8Array.of(1, 1) })
  assert.ok(beliefs.of(9, shown(isNew)).article > 2 * (beliefs.of(9, shown(known)).article - before))
})

test('a second click on a page counts as a click, and what it stood beside is not passed over again', () => {
  const once = createClickBeliefs()
  const page = { viewer: FAN, at: NOON, articles: [shown(12), shown(14)], clicked: Uint8Array.of(1, 0) }
  once.learn(page)
  const before = once.of(FAN, shown(14)).article
  const again = { ...page, clicked: Uint8Array.of(0, 1) }
  once.learn({ ...again, isTold: [true, true] })
  const anew = createClickBeliefs()
  anew.learn(page)
  anew.learn(again)
  assert.ok(before < 0 && once.of(FAN, shown(14)).article > anew.of(FAN, shown(14)).article)
  const passedOver = once.of(FAN, shown(12)).article
  once.learn({ ...page, clicked: Uint8Array.of(0, 0), isTold: [true, true] })
  assert.equal(once.of(FAN, shown(12)).article, passedOver)
})

test('what was seen of a page that was left is passed over as much as it would be on a page that was read to its end', () => {
  const [left, read] = [createClickBeliefs(), createClickBeliefs()]
  const articles = Array.from({ length: 10 }, (_, i) => shown(12 + 2 * i))
  left.learn({ viewer: FAN, at: NOON, articles: articles.slice(0, 2), clicked: new Uint8Array(2), pageLength: 10 })
  read.learn({ viewer: FAN, at: NOON, articles, clicked: new Uint8Array(10) })
  assert.equal(left.of(FAN, shown(12)).article, read.of(FAN, shown(12)).article)
})

test('who and what is forgotten takes its beliefs along, and the others keep theirs', () => {
  const beliefs = readAll({ rateOf: (viewer, article) => (viewer === FAN && topicOf(article) === SPORT ? 0.5 : 0.1) })
  const before = [beliefs.of(FAN, shown(20)), beliefs.of(FAN, shown(11)).taste]
  beliefs.renumber({
    articles: Int32Array.from({ length: 60 }, (_, old) => (old === 20 ? 1 : old === 0 ? 0 : -1)),
    viewers: Int32Array.of(0, 2, -1, -1, -1, 1),
  })
  const topic = topicOf(20)
  assert.deepEqual([beliefs.of(2, { article: 1, topic, ageH: 2 }), beliefs.of(2, { article: 5, topic: SPORT, ageH: 2 }).taste], before)
  assert.equal(beliefs.of(2, shown(22)).article, 0)
})
