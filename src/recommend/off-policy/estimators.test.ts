import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import { completePolicy } from '../policy/policy.ts'
import { EXPLORE_POSITION } from '../select/exploration.ts'
import { attentionOf, type ClickExamples, fitClicks, PLACES_MAX } from './clicks-model.ts'
import { addPage, noSums, valuesOf } from './estimators.ts'
import { INPUTS, inputsOf, standardise } from './inputs.ts'
import { FACTORS, type LoggedPage } from './logged-page.ts'
import { attentionAt, makeLoggedPages } from './logged-world.fixture.ts'
import { reorder } from './reorder.ts'
import { type ReplayedPage, replayPage } from './replayed-page.ts'

const APPEALS = [6, 5, 4, 3, 2, 1.9, 1.8, 1.7]

/** Six places; the fifth may have been drawn. The runners-up are the last two. */
function pageOf(exploration?: LoggedPage['exploration'], clicked: number[] = []): LoggedPage {
  const factors = new Float32Array(APPEALS.length * FACTORS.length).fill(Number.NaN)
  for (const [c, appeal] of APPEALS.entries()) {
    const isDrawn = exploration?.isDrawn && c === EXPLORE_POSITION
    factors[c * FACTORS.length + FACTORS.indexOf('appeal')] = isDrawn ? 1 : appeal // what is drawn would not be on the page
  }
  return {
    viewer: 'r1',
    policy: 5,
    places: 6,
    ids: APPEALS.map((_, c) => BigInt(c + 1) as ArticleId),
    from: APPEALS.map((_, c) => (c < 2 ? ['trending'] : ['fresh'])),
    factors,
    exploration,
    clicked: Uint8Array.from({ length: 6 }, (_, place) => Number(clicked.includes(place))),
  }
}

const RATE = 0.2
/** Each place is looked at half as much as the one above it. */
const WEIGHTS = new Float64Array(PLACES_MAX + INPUTS)
  .fill(0)
  .map((_, i) => (i === 0 ? Math.log(RATE) : i < PLACES_MAX ? i * Math.log(0.5) : 0))

function valueOf(page: LoggedPage, logged: Parameters<typeof completePolicy>[0], other: Parameters<typeof completePolicy>[0]) {
  const sums = noSums()
  const replayed = replayPage(page, completePolicy(logged, 1), completePolicy(other, 2), () => undefined) as ReplayedPage
  addPage(sums, replayed, new Float64Array(APPEALS.length * INPUTS), WEIGHTS, 0.1)
  return { ...valuesOf(sums), ...sums }
}
const close = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`)

test('a click counts by how much more or less its article would have been looked at', () => {
  // What is fresh comes first: places 2 to 5, a runner-up at the fifth and sixth.
  const other = { sources: { trending: 0.1 } }
  const [onFirst, onThird] = [valueOf(pageOf(undefined, [0]), {}, other), valueOf(pageOf(undefined, [2]), {}, other)]
  close(onThird.ips, 1 / 0.25)
  close(onFirst.ips, 0) // it would be below the page
  const attention = [1, 0.5, 0.25, 0.125, 0.0625, 0.03125]
  const total = attention.reduce((a, b) => a + b, 0)
  close(onThird.exposure, total)
  // Four were on the page; the fifth and sixth place have what was not.
  close(onThird.supported, 1 + 0.5 + 0.25 + 0.125)
  close(onThird.weight, 1 + 0.5 + 0.25 + 0.125)
  const corrections = 4 * 1 - RATE * (1 + 0.5 + 0.25 + 0.125)
  close(onThird.dr, RATE * total + corrections)
})

test('clicks on what was drawn count by the shares of the two policies, others by where they stand then', () => {
  const page = pageOf({ isDrawn: true, probability: 0.05 }, [4, 5])
  const half = { exploration: { share: 0.5 } }
  // Candidate 4 was drawn; 5 was fifth in the ranking, so it stood fifth on half of such pages and sixth on the others.
  const quarter = valueOf(page, half, { exploration: { share: 0.25 } })
  const sixthBefore = 0.5 * 0.0625 + 0.5 * 0.03125
  const sixthAfter = 0.75 * 0.0625 + 0.25 * 0.03125
  close(quarter.ips, 0.25 / 0.5 + sixthAfter / sixthBefore)
  close(valueOf(page, half, { exploration: { share: 0 } }).ips, 0.0625 / sixthBefore)
  close(valueOf(page, half, half).ips, 2)
  close(quarter.supported, quarter.exposure)
})

test('an article that was drawn and would be ranked counts by its probability', () => {
  const page = pageOf({ isDrawn: true, probability: 0.05 }, [4])
  page.from[4] = ['explore']
  const logged = { exploration: { share: 0.5 } }
  const { ips } = valueOf(page, logged, {
    exploration: { share: 0 },
    sources: { trending: 0.1, fresh: 0.1, covisited: 0.1, following: 0.1 },
  })
  close(ips, 1 / (0.5 * 0.1 * 0.0625)) // first, where it was drawn with one in ten on half of the pages
})

test('how much places are looked at is told from what stands there', () => {
  const policy = completePolicy({ exploration: { share: 0.5 } }, 1)
  const pages = makeLoggedPages(policy, { seed: 7, pages: 2_000 })
  const inputs = pages.map(page => inputsOf(page, policy))
  standardise(inputs)
  const examples: ClickExamples = {
    places: Int32Array.from({ length: pages.length * 10 }, (_, e) => e % 10),
    inputs: Float64Array.from(inputs.flatMap(each => [...each.subarray(0, 10 * INPUTS)])),
    clicked: Uint8Array.from(pages.flatMap(({ clicked }) => [...clicked])),
  }
  const { weights } = fitClicks(examples)
  // The last place is looked at a third as much as the first.
  for (const place of [1, 4, 9]) assert.ok(Math.abs(attentionOf(weights, place) / attentionAt(place) - 1) < 0.25, String(place))
})

test('where diversity cost an article its place, another policy is taken to do the same', () => {
  const page = pageOf()
  const facts = (id: ArticleId) => ({
    id,
    authorId: (id <= 3n ? 1n : id) as ReaderId,
    channelId: id as unknown as ChannelId,
    publishedAt: 0,
    language: 'en' as const,
  })
  const policy = completePolicy({ diversity: { author: 0.5 } }, 1)
  // 6, then 3 before 5 × 0.5, and 4 × 0.5 × 0.5 last: the first three are one author's.
  const served = [0, 3, 1, 4, 5, 6, 7, 2]
  const width = FACTORS.length
  const factors = Float32Array.from(served.flatMap(c => [...page.factors.subarray(c * width, (c + 1) * width)]))
  const diverse = { ...page, ids: served.map(c => page.ids[c] as ArticleId), factors }
  const orderBy = (document: Parameters<typeof completePolicy>[0]) => reorder(diverse, policy, completePolicy(document, 2), facts)
  assert.deepEqual(orderBy({ diversity: { author: 1 } }).slice(0, 4), [0, 2, 7, 1])
  assert.deepEqual(orderBy({ diversity: { author: 0.5 }, factors: { appeal: 2 } }).slice(0, 3), [0, 2, 1])
  // The same page behind another, of which nothing is known: its order stays if nothing changes.
  assert.deepEqual(
    reorder(diverse, policy, policy, () => undefined),
    [0, 1, 2, 3, 4, 5, 6, 7],
  )
})

test('what is not in the language that the viewer chose stays behind, whatever another policy says', () => {
  const page = pageOf()
  // The third and the last two are in the viewer's language, and were ranked first: their scores are lower.
  const own = [2, 6, 7]
  for (const c of page.ids.keys()) page.factors[c * FACTORS.length + FACTORS.indexOf('language')] = own.includes(c) ? 1 : 0.25
  const served = [...own, 0, 1, 3, 4, 5]
  const width = FACTORS.length
  const factors = Float32Array.from(served.flatMap(c => [...page.factors.subarray(c * width, (c + 1) * width)]))
  const divided = { ...page, ids: served.map(c => page.ids[c] as ArticleId), from: served.map(c => page.from[c] as string[]), factors }
  const policy = completePolicy({}, 1)
  const noFacts = () => undefined
  for (const document of [{}, { factors: { language: 0 } }, { factors: { language: 0, appeal: 2 } }])
    assert.deepEqual(reorder(divided, policy, completePolicy(document, 2), noFacts), [0, 1, 2, 3, 4, 5, 6, 7], JSON.stringify(document))
  // Behind another page, of which nothing is known, it was not reproduced.
  const continued = { ...divided, factors: factors.slice() }
  ;[continued.factors[FACTORS.indexOf('appeal')], continued.factors[width + FACTORS.indexOf('appeal')]] = [1.8, 4]
  assert.deepEqual(reorder(continued, policy, completePolicy({ factors: { language: 0 } }, 2), noFacts), [0, 1, 2, 3, 4, 5, 6, 7])
})
