import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import fc from 'fast-check'
import { Problem } from './problem.ts'
import { isBlank, isLonger, normalizeLine, normalizeText, typedLengthMax } from './text.ts'

const MAX = 60
const isInvalid = (err: unknown) => err instanceof Problem && err.kind === 'invalid'

/** One or more characters of every class that normalisation treats in its own way. */
const CLASSES = {
  letters: ['a', 'É', '长', 'ß', '한'],
  accents: ['\u0301', '\u0316', '\u0e47', '\u3099', '\u05b0', '\u1dff'],
  jamo: ['\u1112', '\u1161', '\u11ab'],
  emoji: ['😀', '🇨🇳', '👩\u200d🚀', '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}', 'می\u200cخواهم', '👩‍👩‍👧', '❤️'],
  spaces: [' ', '\t', '\n', '\r', '\u00a0', '\u3000', '\u2028'],
  invisible: [
    '\ufe0f',
    '\u034f',
    '\u3164',
    '\u2800',
    '\u115f',
    '\uffa0',
    '\u17b4',
    '\u200b',
    '\u200c',
    '\u200d',
    '\ufeff',
    '\u202a',
    '\u202e',
    '\u2066',
    '\u2069',
    '\u00ad',
    '\u{e0061}',
  ],
  control: ['\0', '\x1b', '\x7f', '\x9f'],
  surrogates: ['\ud83d', '\ude00'],
  long: ['\ufdfa', '\u1f82', '\u{1d160}', '\u0390'],
}
/** Of these, none ever changes what is shown. */
const HIDES_A_NAME = /[\u034f\u3164\u2800\u115f\uffa0\u17b4\u200b\ufeff\u202e\u00ad]/u
const someText = (maxLength: number) =>
  fc.array(fc.constantFrom(...Object.values(CLASSES).flat()), { maxLength, size: 'max' }).map(parts => parts.join(''))

test('text of any characters is normalised to a form that stays the same, or refused', () => {
  fc.assert(
    fc.property(someText(2 * MAX), typed => {
      for (const normalize of [normalizeLine, normalizeText]) {
        let text: string
        try {
          text = normalize('name', typed, MAX)
        } catch (err) {
          assert.ok(isInvalid(err))
          continue
        }
        assert.ok([...text].length <= MAX)
        assert.ok(text.isWellFormed() && !/[[\p{Cc}--[\n\t]]\u202A-\u202E\u2066-\u2069]/v.test(text) && text === text.trim())
        assert.equal(normalize('name', text, MAX), text)
        if (normalize === normalizeLine) assert.ok(!isBlank(text) && text === text.normalize('NFC') && !HIDES_A_NAME.test(text))
      }
    }),
  )
})

test('text that is too long is refused before it is normalised, whatever its characters are', t => {
  const normalise = mock.method(String.prototype, 'normalize')
  t.after(() => normalise.mock.restore())
  const parts = fc.array(fc.constantFrom(...Object.values(CLASSES).flat()), { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(parts, fc.integer({ min: typedLengthMax(MAX) + 1, max: 50_000 }), (few, repeats) => {
      const typed = few.map(part => part.repeat(repeats)).join('')
      for (const normalize of [normalizeLine, normalizeText]) assert.throws(() => normalize('name', typed, MAX), isInvalid)
    }),
  )
  assert.equal(normalise.mock.callCount(), 0)
})

test('decomposed letters count as what they are composed to', () => {
  assert.equal(normalizeLine('name', 'e\u0301'.repeat(7), 7), 'é'.repeat(7))
  assert.equal(normalizeLine('name', '\u1112\u1161\u11ab'.repeat(7), 7), '한'.repeat(7))
  assert.throws(() => normalizeLine('name', 'e\u0301'.repeat(8), 7), /name must have 1 to 7 characters/)
})

test('lengths are counted in code points', () => {
  fc.assert(
    fc.property(someText(20), fc.nat(25), (text, max) => {
      assert.equal(isLonger(text, max), [...text].length > max)
    }),
  )
})

test('a line of invisible characters is refused, and they are removed beside letters', () => {
  for (const hidden of ['\ufe0f', '\u034f', '\u3164', '\u2800', '\u115f', '\uffa0', '\u17b4', '\u200b', '\u0301', '\u{e0067}']) {
    assert.throws(() => normalizeLine('name', hidden, 7), isInvalid, hidden)
    assert.ok(isBlank(` ${hidden} `))
    if (hidden !== '\u0301') assert.equal(normalizeLine('name', `a${hidden}b`, 7), 'ab')
  }
})

test('joiners that change what is shown stay: a family, an astronaut, Persian, the flag of England', () => {
  const shown = [
    '👩\u200d👩\u200d👧',
    '👩🏽\u200d🚀',
    '❤\ufe0f\u200d🔥',
    'می\u200cخواهم',
    '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
    'क्\u200dष',
  ]
  for (const text of shown) assert.equal(normalizeLine('name', text, 30), text.normalize('NFC'))
  assert.equal(normalizeLine('name', 'a\u200db\u200c', 30), 'ab')
})
