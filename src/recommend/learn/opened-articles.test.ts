import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ArticleId, PageId } from '../../base/id.ts'
import { createSeededRandom } from '../../base/seeded-random.ts'
import { FEATURES } from '../model/feature-names.ts'
import { createOpenedArticles, type OpenedArticles } from './opened-articles.ts'

const id = (n: number) => BigInt(n) as ArticleId
const action = (name: string, articleId: ArticleId, viewer = 'r1', dwellMs: number | null = null) =>
  ({ kind: 'behaviour', action: name, viewer, articleId, dwellMs, pageId: 1n as PageId, isKnown: true, at: 0 }) as const
const featuresOf = (random: () => number) => Float32Array.from({ length: FEATURES.length }, random)

/** Readers open articles one after the other, and like those that `isLiked` says. */
function open(opened: OpenedArticles, count: number, isLiked: (features: Float32Array, articleId: ArticleId) => boolean, seed = 1): void {
  const { next, int } = createSeededRandom(seed)
  for (let i = 0; i < count; i++) {
    const [articleId, features, at] = [id(int(1, 20)), featuresOf(next), seed * 10_000_000 + i * 3_600]
    opened.open({ viewer: 'r1', articleId, features, at })
    if (isLiked(features, articleId)) opened.note(action('like', articleId))
    opened.settle(at + 3_600)
  }
}

test('an article that will be liked is worth more, as its features say', () => {
  const opened = createOpenedArticles()
  open(opened, 2_000, features => (features[3] as number) > 0.8)
  assert.deepEqual([opened.isTrusted('like'), opened.isTrusted('collect')], [true, false])
  const two = new Float32Array(2 * FEATURES.length).fill(0.5)
  two[3] = 1
  const [liked, other] = opened.worthsOf(two, [id(99), id(98)])
  assert.ok((liked as number) > 1.5 && (other as number) < 1.2, `${liked} ${other}`)
})

test('an article that others liked is worth more, also if its features say nothing', () => {
  const opened = createOpenedArticles()
  open(opened, 3_000, (_, articleId) => articleId <= 5n)
  const [liked, other] = opened.worthsOf(new Float32Array(2 * FEATURES.length).fill(0.5), [id(3), id(15)])
  assert.ok((liked as number) > 1.7 && (other as number) < 1.3, `${liked} ${other}`)
})

test('likes that follow from nothing are not ranked by', () => {
  const opened = createOpenedArticles()
  const { chance } = createSeededRandom('likes')
  open(opened, 3_000, () => chance(0.2))
  assert.equal(opened.isTrusted('like'), false)
  const [one, other] = opened
    .worthsOf(
      featuresOf(() => 0),
      [id(1)],
    )
    .values()
    .toArray()
    .concat(
      opened.worthsOf(
        featuresOf(() => 1),
        [id(2)],
      )[0] as number,
    )
  assert.equal(one, other)
})

test('an action counts for the reader who opened the article, within half an hour, and a short reading is none', () => {
  const opened = createOpenedArticles()
  opened.open({ viewer: 'r1', articleId: id(1), features: featuresOf(() => 0), at: 0 })
  assert.equal(opened.note(action('like', id(1), 'r2')), false)
  assert.equal(opened.note(action('like', id(2))), false)
  assert.equal(opened.note(action('read', id(1), 'r1', 29_000)), false)
  assert.equal(opened.note(action('read', id(1), 'r1', 30_000)), true)
  opened.settle(30 * 60 - 1)
  assert.equal(opened.note(action('share', id(1))), true)
  opened.settle(30 * 60)
  assert.equal(opened.note(action('collect', id(1))), false)
  assert.deepEqual(
    opened.data.warmUp.map(({ done }) => done),
    [['finish', 'share']],
  )
})

test('features that are no numbers teach nothing', () => {
  const opened = createOpenedArticles()
  open(opened, 2_000, features => (features[3] as number) > 0.8)
  const before = structuredClone(opened.save())
  opened.open({ viewer: 'r1', articleId: id(1), features: new Float32Array(FEATURES.length).fill(Number.NaN), at: 1e9 })
  opened.settle(2e9)
  assert.deepEqual(opened.save(), before)
})
