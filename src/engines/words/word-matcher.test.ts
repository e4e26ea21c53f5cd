import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createAutomaton } from './automaton.ts'
import { readDisguised } from './disguised.fixture.ts'
import { findInSlices } from './find-in-slices.ts'
import { readHtmlText } from './html-text.ts'
import { maskRanges } from './mask.ts'
import { createWordMatcher } from './word-matcher.ts'

const matcherOf = (...words: string[]) => createWordMatcher(words.map(word => ({ word, bySound: false })))
const soundMatcherOf = (...words: string[]) => createWordMatcher(words.map(word => ({ word, bySound: true })))
const isFound = (matcher: ReturnType<typeof createWordMatcher>, text: string) => matcher.find(text).length > 0

test('an automaton finds every occurrence of every pattern, as a search for one after another does', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '赌'), maxLength: 60 })
  const patterns = fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', 'b', '赌'), minLength: 1, maxLength: 6 }), { maxLength: 20 })
  fc.assert(
    fc.property(text, patterns, (given, words) => {
      const found: string[] = []
      const units = Uint16Array.from(given, character => character.charCodeAt(0))
      createAutomaton(words).scan(units, units.length, (pattern, end) => found.push(`${words[pattern]} ${end}`))
      const wanted = words.flatMap(word =>
        Array.from({ length: given.length }, (_, i) => i)
          .filter(i => given.startsWith(word, i))
          .map(i => `${word} ${i + word.length - 1}`),
      )
      assert.deepEqual(found.toSorted(), wanted.toSorted())
    }),
  )
})

test('at least 95 in a hundred disguised spellings are found', t => {
  const disguised = readDisguised()
  assert.equal(disguised.length, 200)
  const words = [...new Set(disguised.map(({ word }) => word))]
  const matcher = soundMatcherOf(...words)
  const missed = disguised.filter(({ word, spelling }) => !matcher.find(spelling).some(match => words[match.word] === word))
  t.diagnostic(`${disguised.length - missed.length} of ${disguised.length}; missed: ${missed.map(({ spelling }) => spelling).join(', ')}`)
  assert.ok(missed.length <= disguised.length * 0.05, JSON.stringify(missed))
})

test('a word is not found in other words, across sentences, or where two words meet', () => {
  const latin = matcherOf('sex', 'ass', 'porn')
  for (const text of ['Essex', 'class', 'as simple', 'he is ex-president', 'assess', 'spornful', 'https://a.example/assets', '2sexy4u'])
    assert.equal(isFound(latin, text), false, text)
  const han = matcherOf('习大', '赌博', '法轮')
  for (const text of ['学习，大家一起', '赌。博', '学习 大家', '他赌\n博物馆', '方法（轮流）'])
    assert.equal(isFound(han, text), false, text)
})

test('a word is found as it is written in the list, also with a space or a full stop in it', () => {
  const words = matcherOf('赌 博', 'free money', 'node.js')
  for (const text of ['去赌 博吧', '去赌博吧', 'Free Money!', 'freemoney', 'f.r.e.e m.o.n.e.y', 'node.js', 'Node.js'])
    assert.equal(words.find(text).length, 1, text)
  for (const text of ['赌。博', '赌\n博', 'free. money', 'node js', 'xfree money']) assert.equal(isFound(words, text), false, text)
})

test('what sounds the same is found for the words that are marked, and a syllable is heard as a whole', () => {
  const marked = soundMatcherOf('发票')
  for (const text of ['发漂', 'fapiao', 'fa piao', 'Fa Piao', '发piao', 'fā piào', '發嫖']) assert.equal(isFound(marked, text), true, text)
  for (const text of ['fapiaoo', 'xfapiao', '法皮奥', '他发现票']) assert.equal(isFound(marked, text), false, text)
  assert.equal(isFound(matcherOf('发票'), '发漂'), false)
})

test('a match says where the word stands, and masking leaves everything else as it is', () => {
  const matcher = matcherOf('赌博', 'porn')
  const mask = (text: string) => maskRanges(text, matcher.find(text))
  assert.equal(mask('不要賭 博？😀赌博和𝐩𝐨𝐫𝐧。'), '不要賭 博？😀**和****。')
  assert.equal(mask('不要賭*博，ｐｏｒｎ'), '不要***，****')
  assert.equal(mask('没有'), '没有')
})

test('words in HTML are found across the tags within a line, and masked without touching the tags', async () => {
  const matcher = matcherOf('赌博', 'porn')
  const html = '<p>一起<b>赌</b>博 &amp; po<em class="赌博">rn</em></p><p>赌</p><p>博</p>'
  const { text, places } = await readHtmlText(html)
  const matches = matcher.find(text)
  assert.equal(matches.length, 2)
  assert.equal(maskRanges(html, matches, places), '<p>一起<b>*</b>* &amp; **<em class="赌博">**</em></p><p>赌</p><p>博</p>')
})

test('a long text is searched in slices, and words that stand where two slices meet are found', async () => {
  const matcher = soundMatcherOf('赌博', 'porn')
  const text = '看 赌*博，pornful unporn p.o.r.n 賭 '.repeat(12)
  const whole = matcher.find(text)
  assert.ok(whole.length >= 24)
  for (let slice = 3; slice < 30; slice++) assert.deepEqual(await findInSlices(matcher, text, { slice, reach: 20 }), whole, `${slice}`)
})

test('any text, and any HTML, can be searched; a mask keeps the length in characters', async () => {
  const matcher = soundMatcherOf('赌博', 'porn', 'ﷺ')
  const pieces = fc.constantFrom(
    '赌',
    '博',
    'p',
    'o',
    'r',
    'n',
    '\u200b',
    '𝐩',
    ' ',
    '。',
    '<b>',
    '</b>',
    '&amp;',
    'ﷺ',
    '\ud800',
    'ǆ',
    '1',
    '@',
  )
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: pieces, maxLength: 40 }), async text => {
      const matches = matcher.find(text)
      for (const { from, to } of matches) assert.ok(from >= 0 && to > from && to <= text.length)
      assert.equal([...maskRanges(text, matches)].length, [...text].length)
      const { text: read, places } = await readHtmlText(text)
      assert.equal(read.length, places.length)
      matcher.find(read)
    }),
  )
})
