import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSegmenter } from './analysis/segmenter.ts'
import { createLearning } from './learn-phrases.ts'

test('works, words and frequent neighbours are suggested, of the neighbours only so many', () => {
  const learn = (pairsMax?: number) => {
    const learning = createLearning(createSegmenter(), pairsMax)
    for (let i = 0; i < 3; i++) learning.add('华为手机')
    for (let i = 0; i < 5; i++) learning.add('小米电视')
    learning.add('看《武林外传》')
    return Map.groupBy(learning.phrases(), phrase => phrase.kind)
  }
  const texts = (kind: 'keyword' | 'word' | 'pair', pairsMax?: number) =>
    learn(pairsMax)
      .get(kind)
      ?.map(phrase => phrase.text)
  assert.deepEqual(texts('keyword'), ['武林外传'])
  assert.ok(texts('word')?.includes('电视'))
  assert.deepEqual(texts('pair'), ['小米电视', '华为手机'])
  assert.deepEqual(texts('pair', 1), ['小米电视'])
})
