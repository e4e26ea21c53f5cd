import assert from 'node:assert/strict'
import { test } from 'node:test'
import { factorsOf, keepRows } from './factor-table.ts'

test('candidates that are kept have the factors that they had, and nobody else has any', () => {
  const factors = { names: ['likeness', 'source'], values: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) }
  const [first, second, third, last] = [0, 1, 2, 3].map(row => ({ factors, row }))
  assert.ok(first && second && third && last)
  keepRows([third, first, third, last])
  assert.deepEqual([first, third, last].map(factorsOf), [
    { likeness: 1, source: 2 },
    { likeness: 5, source: 6 },
    { likeness: 7, source: 8 },
  ])
  assert.equal(new Set([first, third, last].map(each => each.factors)).size, 1)
  assert.ok(!first.factors.values.includes(3))
})

test('of a ranking without candidates nothing is kept', () => keepRows([]))
