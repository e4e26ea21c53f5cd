import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Problem } from '../base/problem.ts'
import { decodeBody, parseBody, stringify } from './json.ts'

const isInvalid = (err: unknown) => err instanceof Problem && err.kind === 'invalid'

test('ids beyond 2^53 are written and parsed exactly', () => {
  fc.assert(
    fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), id => {
      const parsed = parseBody(stringify({ id, list: [id], name: String(id) })) as { id: bigint; list: bigint[]; name: string }
      assert.equal(BigInt(parsed.id), id)
      assert.equal(BigInt(parsed.list[0] as bigint), id)
      assert.equal(parsed.name, String(id), 'text stays text')
    }),
  )
  assert.equal(stringify({ id: 1234567890123456789n }), '{"id":1234567890123456789}')
})

test('only whole numbers that a double cannot hold become bigints', () => {
  assert.deepEqual(parseBody('[9007199254740991,9007199254740993,-9007199254740993,1.5,1e3,1234567890123456.75,1e30]'), [
    9007199254740991,
    9007199254740993n,
    -9007199254740993n,
    1.5,
    1000,
    1234567890123456.75,
    1e30,
  ])
})

test('an id is exact wherever a number may stand', () => {
  const id = 1234567890123456789n
  for (const number of [id, -id])
    for (const place of ['#', ' #', '[#]', '[0,#]', '[0, #]', '{"a":#}', '{"a":\n#}', '{"a":[[#]]}'])
      assert.equal(stringify(parseBody(place.replace('#', String(number)))), place.replace('#', String(number)).replace(/\s/g, ''), place)
})

test('other JSON is parsed like JSON.parse', () => {
  fc.assert(
    fc.property(fc.json(), text => {
      if (/\d{16}|__proto__/.test(text)) return
      assert.deepEqual(parseBody(text), JSON.parse(text))
    }),
  )
})

test('half a character is refused, and a whole one written as two escapes is taken', () => {
  for (const text of ['"\\ud800"', '{"name":"a\\uDfffb"}', '[["\\ude00\\ud83d"]]']) assert.throws(() => parseBody(text), isInvalid)
  assert.equal(parseBody('"\\ud83d\\ude00"'), '😀')
})

test('an empty body is null', () => {
  for (const text of ['', ' ', '\r\n\t']) assert.equal(parseBody(text), null)
})

test('invalid JSON, JSON nested too deeply and the key __proto__ are refused', () => {
  for (const text of ['{', 'x', '{"a":1}}', '[1,]', "{'a':1}", 'NaN', '['.repeat(100_000), '[1234567890123456789,'.repeat(50_000)])
    assert.throws(() => parseBody(text), isInvalid)
  for (const text of ['{"__proto__":1}', '[{"a":{"__proto__":{}}}]', '{"\\u005f_proto__":1}', '{"__proto__":1,"id":1234567890123456789}'])
    assert.throws(() => parseBody(text), isInvalid)
})

test('a body with too many values or levels is refused before it is parsed, and brackets in a text count as text', () => {
  const nest = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  for (const text of [
    `[${'0,'.repeat(500_000)}0]`,
    `{${'"a":0,'.repeat(50_000)}"a":0}`,
    '[{}'.repeat(30_000),
    nest(65),
    `${'{"a":'.repeat(65)}1`,
  ])
    assert.throws(() => parseBody(text), /nested more than 64 levels|more than 12000 values/)
  assert.equal(JSON.stringify(parseBody(nest(64))), nest(64))
  const text = `[{,"\\`.repeat(30_000)
  assert.equal(parseBody(JSON.stringify(text)), text)
})

test('the key __proto__ is refused, whichever of its characters are escaped', () => {
  const escape = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }), escaped => {
      const key = [...'__proto__'].map((sign, i) => (escaped[i] ? escape(sign) : sign)).join('')
      assert.throws(() => parseBody(`{"a":[{"${key}":1}]}`), isInvalid)
    }),
  )
})

test('a body is read exactly as its bytes say, or refused: what is not UTF-8 becomes no U+FFFD', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 40 }),
        fc.string({ unit: 'binary', maxLength: 20 }).map(text => Buffer.from(text)),
      ),
      array => {
        const bytes = Buffer.from(array)
        let text: string
        try {
          text = decodeBody(bytes)
        } catch (err) {
          return assert.match(String(err), /not valid UTF-8/)
        }
        const isMarked = bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))
        assert.deepEqual(Buffer.from(text), isMarked ? bytes.subarray(3) : bytes)
      },
    ),
  )
  for (const bytes of [
    [0xd6, 0xd0],
    [0xc0, 0xaf],
    [0xe4, 0xb8],
    [0xed, 0xa0, 0x80],
  ])
    assert.throws(() => decodeBody(Buffer.from(bytes)), /not valid UTF-8/)
  for (const type of ['application/json; charset=gbk', 'application/json;charset="GB18030"'])
    assert.throws(() => decodeBody(Buffer.from('{}'), type), { kind: 'unsupported' })
  for (const type of ['application/json', 'application/json; charset=UTF-8', 'application/json;charset=utf8'])
    assert.equal(decodeBody(Buffer.from('{}'), type), '{}')
})
