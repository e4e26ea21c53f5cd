import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { channelOf, clickOn, factsOf, favouriteOf, makeReadingLog } from '../../../test/support/reading-log.ts'
import type { ArticleId, PageId } from '../../base/id.ts'
import { readSnapshot, writeSnapshot } from '../snapshot-file.ts'
import { createLearner, type Learner } from './learner.ts'
import type { LogEntry, ServedPage } from './log-entry.ts'
import type { OpenPage } from './open-pages.ts'

const NOON = Date.UTC(2026, 5, 1, 12)
const articles = Array.from({ length: 60 }, (_, i) => BigInt(i + 1) as ArticleId)
const findArticle = (id: ArticleId) => factsOf(id, NOON)
const newLearner = () => createLearner({ seed: 1, findArticle })

function teach(learner: Learner, entries: readonly LogEntry[]): string[] {
  return entries.map(entry => {
    const outcome = learner.apply(entry)
    for (const _ of learner.upkeep());
    return outcome
  })
}

const count = (outcomes: string[], wanted: string) => outcomes.filter(outcome => outcome === wanted).length
const rankOf = (learner: Learner, viewer: string | undefined, now: number) =>
  learner.appealOf({ viewer, now, articles: articles.map(findArticle), clickedIds: [] })

const folder = await mkdtemp(join(tmpdir(), 'broadsheet-learner-'))
after(() => rm(folder, { recursive: true }))

test('what a reader clicks for is learned, and is then ranked first for that reader alone', () => {
  const learner = newLearner()
  const log = makeReadingLog({ pages: 1_500, articles, from: NOON })
  assert.equal(learner.isTrusted(), false)
  teach(learner, log)
  assert.equal(learner.isTrusted(), true)
  const now = (log.at(-1) as LogEntry).at
  for (const viewer of ['r1', 'r2', 'r3']) {
    const appeals = rankOf(learner, viewer, now)
    const best = articles.toSorted((a, b) => (appeals[Number(b) - 1] as number) - (appeals[Number(a) - 1] as number)).slice(0, 10)
    assert.ok(best.filter(id => channelOf(id) === favouriteOf(viewer)).length >= 9, viewer)
  }
})

test('the same log gives the same model, also if half of it was learned by another process and read from its snapshot', async () => {
  const log = makeReadingLog({ pages: 600, articles, from: NOON })
  const [whole, first, second] = [newLearner(), newLearner(), newLearner()]
  teach(whole, log)
  teach(first, log.slice(0, 701))
  const file = join(folder, 'half')
  const position = { xid: '7', pageSeq: '0', behaviourSeq: '0' }
  await writeSnapshot(file, '1', { about: { position }, parts: first.parts() })
  const snapshot = await readSnapshot(file, '1')
  assert.deepEqual(snapshot?.about, { position })
  second.restore(snapshot?.parts ?? {})
  teach(second, log.slice(701))
  const now = (log.at(-1) as LogEntry).at
  assert.ok(whole.stats().learned > 300)
  assert.deepEqual(second.stats(), whole.stats())
  assert.deepEqual(rankOf(second, 'r1', now), rankOf(whole, 'r1', now))
})

test('a snapshot that is cut off, damaged or of another version is none', async () => {
  const file = join(folder, 'damaged')
  await writeSnapshot(file, '1', { about: {}, parts: newLearner().parts() })
  assert.ok(await readSnapshot(file, '1'))
  assert.equal(await readSnapshot(file, '2'), undefined)
  const bytes = await readFile(file)
  await writeFile(file, bytes.subarray(0, -1))
  assert.equal(await readSnapshot(file, '1'), undefined)
  bytes[bytes.length - 5] = (bytes[bytes.length - 5] as number) ^ 1
  await writeFile(file, bytes)
  assert.equal(await readSnapshot(file, '1'), undefined)
})

test('a click teaches once, and not if it came from no page, from a page of another reader, or from an unknown viewer', () => {
  const learner = newLearner()
  const [page] = makeReadingLog({ pages: 1, articles, from: NOON }) as [ServedPage]
  const click = clickOn(page, 3)
  const outcomes = teach(learner, [
    page,
    click,
    click,
    { ...click, pageId: null },
    { ...click, viewer: 'r999' },
    { ...click, isKnown: false },
    { ...click, viewer: null, isKnown: false },
    { ...click, articleId: 999n as ArticleId },
  ])
  assert.deepEqual(outcomes, ['other', 'learned', 'read', 'read', 'read', 'stranger', 'stranger', 'read'])
})

test('what a reader does with an article that they opened from a page is learned, and what they do elsewhere is not', () => {
  const learner = newLearner()
  const [page] = makeReadingLog({ pages: 1, articles, from: NOON }) as [ServedPage]
  const click = clickOn(page, 3)
  const like = { ...click, action: 'like' }
  assert.deepEqual(
    teach(learner, [like, page, click, like, { ...like, articleId: page.articleIds[4] as ArticleId }, { ...like, action: 'search' }]),
    ['other', 'other', 'learned', 'action', 'other', 'other'],
  )
})

test('what one reader clicks in an hour is learned up to a limit', () => {
  const learner = newLearner()
  const pages = makeReadingLog({ pages: 200, articles, from: NOON }).filter(entry => entry.kind === 'page')
  const flood = pages.flatMap((page, i) => {
    const own: ServedPage = { ...page, viewer: 'r1', at: NOON + i }
    return [own, clickOn(own, i % 10)]
  })
  const outcomes = teach(learner, flood)
  assert.deepEqual([count(outcomes, 'learned'), count(outcomes, 'limited')], [120, 80])
})

const pushed = articles[7] as ArticleId

/** Pages of three hundred accounts, on the fifth place of each the article that they push. */
const makeRing = (like: ServedPage, at: number) =>
  Array.from({ length: 300 }, (_, i): ServedPage => {
    const others = articles.filter(id => id !== pushed).slice(i % 40, (i % 40) + 9)
    return {
      ...like,
      id: BigInt(5_000_000 + i) as PageId,
      viewer: `r${1_000 + i}`,
      at,
      articleIds: [...others.slice(0, 4), pushed, ...others.slice(4)],
    }
  })

test('a ring of accounts that click one article alone is learned from up to a limit, and the article is not first for others', () => {
  const [attacked, honest] = [newLearner(), newLearner()]
  const log = makeReadingLog({ pages: 1_000, articles, from: NOON })
  const now = (log.at(-1) as LogEntry).at
  const ring = makeRing(log[0] as ServedPage, now)
  teach(honest, log)
  teach(attacked, log)
  const outcomes = teach(
    attacked,
    ring.flatMap(page => [page, clickOn(page, 4)]),
  )
  assert.ok(count(outcomes, 'crowded') > 150, `${count(outcomes, 'crowded')} were excluded`)
  const placeIn = (learner: Learner, viewer: string) => {
    const appeals = rankOf(learner, viewer, now)
    return appeals.filter(appeal => appeal > (appeals[7] as number)).length
  }
  const indifferent = ['r1', 'r2', 'r3', 'r4'].filter(viewer => favouriteOf(viewer) !== channelOf(pushed))
  for (const viewer of indifferent)
    assert.ok(placeIn(attacked, viewer) >= 5, `${viewer}: ${placeIn(honest, viewer)} → ${placeIn(attacked, viewer)}`)
})

test('after a click that is not learned from, the next one on its page teaches what the articles were', () => {
  const learner = newLearner()
  const log = makeReadingLog({ pages: 1_000, articles, from: NOON })
  teach(learner, log)
  const ring = makeRing(log[0] as ServedPage, (log.at(-1) as LogEntry).at)
  const last = ring.at(-1) as ServedPage
  const outcomes = teach(learner, [...ring.flatMap(page => [page, clickOn(page, 4)]), clickOn(last, 0)])
  assert.deepEqual(outcomes.slice(-2), ['crowded', 'learned'])
  const { pages } = learner.parts().pages as { pages: Map<PageId, OpenPage> }
  assert.ok(pages.get(last.id)?.features.some(feature => feature !== 0))
})
