import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseQuery } from './query-string.ts'

test('a query is decoded as browsers write it: escapes, plus signs, a percent sign alone, a repeated name', () => {
  const parse = (text: string) => ({ ...parseQuery(text) })
  assert.deepEqual(parse('q=%E5%8D%8E%e4%b8%ba+a%2Bb&page=2&x'), { q: '华为 a+b', page: '2', x: '' })
  assert.deepEqual(parse('q=100%%E5%8D%8E%2&a=1=2'), { q: '100%华%2', a: '1=2' })
  assert.deepEqual(parse('status=1&status=2'), { status: ['1', '2'] })
  assert.deepEqual(parse(''), {})
})
