import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { distance } from '../distance.ts'
import { highlight } from '../highlight.ts'
import { createQueryParser } from '../query.ts'
import { createAnalyze } from './analyze.ts'
import { normalize, normalizeWithOrigins } from './normalize.ts'
import { lettersOf, spell } from './pinyin.ts'
import { createSegmenter } from './segmenter.ts'

const segmenter = createSegmenter()
const analyze = createAnalyze(segmenter)
const { parse } = createQueryParser({ segmenter })
const wordsOf = (text: string) =>
  analyze(text)
    .tokens.filter(token => token.kind === 'word')
    .map(token => token.text)

test('full-width, upper-case and traditional characters are the same as half-width, lower-case and simplified ones', () => {
  assert.equal(normalize('ＴＶＢ華為手機'), 'tvb华为手机')
  assert.deepEqual(wordsOf('環球影城'), wordsOf('环球影城'))
})

test('a word with joints is found with and without them, and units by any of their names', () => {
  assert.ok(['f-35', 'f35', 'f', '35'].every(word => wordsOf('F-35战机').includes(word)))
  assert.ok(wordsOf('行走100km').includes('公里'))
  assert.ok(wordsOf('1,000万元').includes('1000'))
  assert.ok(wordsOf('c++入门').includes('c++'))
})

test('every two neighbouring characters of a text are in its tokens', () => {
  const han = fc.string({ unit: fc.constantFrom(...'中国人民长江大桥的是在手机环球影城'), minLength: 2, maxLength: 30 })
  fc.assert(
    fc.property(han, text => {
      const tokens = new Map(analyze(text).tokens.map(token => [`${token.place} ${token.text}`, token]))
      for (let i = 0; i + 1 < text.length; i++) {
        const pair = text.slice(i, i + 2)
        assert.ok(tokens.has(`${i} ${pair}`), `${pair} of ${text}`)
      }
    }),
  )
})

test('any text can be analysed, parsed and marked, and marks lie within it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 50 }), (title, typed) => {
      analyze(title)
      let last = 0
      for (const [from, to] of highlight(title, parse(typed))) {
        assert.ok(from >= last && to > from && to <= title.length)
        last = to
      }
      assert.equal(normalizeWithOrigins(title).text.length, normalizeWithOrigins(title).origins.length)
    }),
  )
})

test('a digit is not marked inside another number', () => {
  assert.deepEqual(highlight('试驾E7：开了670公里', parse('e7')), [[2, 4]])
  assert.deepEqual(highlight('7.5级，520人', parse('7.5')), [[0, 3]])
})

test('quotes make phrases, a minus excludes, and stop words alone are looked for', () => {
  const query = parse('手机 "美国打伊朗" -华为')
  assert.deepEqual(
    [query.terms.map(term => term.text), query.phrases.length, query.excluded.map(term => term.text)],
    [['手机'], 1, ['华为']],
  )
  assert.deepEqual(
    parse('为什么').terms.map(term => term.text),
    ['为什么'],
  )
  assert.deepEqual(parse('-').terms, [])
})

test('one character is every word that begins with it, but among others a word or a part of one with its neighbour', () => {
  const formsOf = (typed: string) => parse(typed).terms.map(term => [term.words.join(' '), Boolean(term.prefix)])
  assert.deepEqual(formsOf('猫'), [['猫', true]])
  assert.deepEqual(formsOf('石原里美'), [
    ['石原', false],
    ['里 原里 里美', false],
    ['美 里美', false],
  ])
  assert.deepEqual(formsOf('3月'), [
    ['3', false],
    ['月', false],
  ])
})

test('a word that was added is one word at once, and no longer when it was removed', () => {
  const own = createSegmenter()
  const cut = () => own.words('量子纠缠态').map(word => word.text)
  const before = cut()
  own.useWords(['量子纠缠态'])
  assert.deepEqual(cut(), ['量子纠缠态'])
  own.useWords([])
  assert.deepEqual(cut(), before)
})

test('Chinese is spelled by syllables and by initials, and mistakes are counted', () => {
  assert.deepEqual(spell('北京大学'), { full: 'beijingdaxue', initials: 'bjdx' })
  assert.equal(spell('iphone'), undefined)
  assert.equal(lettersOf("xi'an shi"), 'xianshi')
  assert.deepEqual([distance('iphnoe', 'iphone'), distance('huawei', 'huwei'), distance('a', 'b')], [1, 1, 1])
})
