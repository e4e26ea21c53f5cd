import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FEATURES } from '../model/feature-names.ts'
import { createFeatureState } from '../model/feature-state.ts'
import { createIndices, UNKNOWN } from './indices.ts'

const NOON = 1_700_000_000

test('when there are too many, those to which nothing has happened for longest are forgotten', () => {
  const indices = createIndices<string>(4)
  for (const [i, id] of ['a', 'b', 'c', 'd', 'e'].entries()) indices.touch(id, i)
  indices.touch('a', 9)
  assert.ok(indices.isOverfull())
  const renumbering = indices.forgetOldest() // a quarter of five, and a part of one
  assert.deepEqual([...renumbering], [0, 1, -1, -1, 2, 3])
  assert.deepEqual(['a', 'b', 'c', 'd', 'e'].map(indices.find), [1, UNKNOWN, UNKNOWN, 2, 3])
  assert.equal(indices.touch('f', 10), 4)
})

test('what stays has the same features as before, and what takes the place of the forgotten has none of theirs', () => {
  const bounds = { shownPerViewer: 5, readPerViewer: 5, readersPerArticle: 5, neighboursPerArticle: 5 }
  const state = createFeatureState(() => 0.3, bounds)
  const viewers = [1, 2, 3, 4]
  for (let i = 0; i < 60; i++) {
    const articles = Int32Array.of(1 + (i % 5), 1 + ((i + 1) % 5), 1 + ((i + 2) % 5))
    state.learn({ viewer: viewers[i % 4] as number, at: NOON + i * 60, articles, clicked: Uint8Array.of(1, 0, 0) })
  }
  for (let article = 1; article <= 5; article++)
    state.describe(article, { topic: article % 2, words: new Int32Array(0), weights: new Float64Array(0) })
  state.refit()
  const featuresOf = (viewer: number, articles: number[]) => {
    const into = new Float32Array(articles.length * FEATURES.length)
    state.writeFeatures({ viewer, at: NOON + 4_000, articles: Int32Array.from(articles), contextArticle: -1, session: [], read: [] }, into)
    return into
  }
  const all = [0, 1, 2, 3, 4]
  const [before, unknown] = [featuresOf(4, [2, 3, 5]), featuresOf(9, [90])]
  const articles = Int32Array.of(0, -1, 1, 2, -1, 3)
  state.renumber({ articles, viewers: Int32Array.from(all) }, NOON + 4_000)
  const after = featuresOf(4, [1, 2, 3])
  // Who else reads alike is counted without the articles that are forgotten.
  const alike = new Set(['similar_3h', 'similar_48h', 'similar_mean'].map(name => FEATURES.indexOf(name)))
  for (const [i, value] of before.entries())
    if (!alike.has(i % FEATURES.length)) assert.ok(Math.abs(value - (after[i] as number)) < 1e-4, FEATURES[i % FEATURES.length])
  assert.deepEqual(featuresOf(9, [4]), unknown)
})
