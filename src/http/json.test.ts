import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Problem } from '../base/problem.ts'
import { parseBody, stringify } from './json.ts'

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

test('other JSON is parsed like JSON.parse', () => {
  fc.assert(
    fc.property(fc.json(), text => {
      if (/\d{16}|__proto__/.test(text)) return
      assert.deepEqual(parseBody(text), JSON.parse(text))
    }),
  )
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
