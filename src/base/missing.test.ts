import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isMissing } from './missing.ts'

test('what languages write for no value is missing, and what contains such a word is not', () => {
  for (const text of [
    '',
    'null',
    'Undefined',
    'NaN',
    'None',
    '(null)',
    '[object Object]',
    '[object Undefined]',
    '""',
    '"null"',
    '{}',
    '[null]',
  ])
    assert.ok(isMissing(text), text)
  for (const text of ['nullable', 'phone-null', 'nan1', 'null null', 'object', '0', '[1]', 'x'.repeat(10_000), '['.repeat(10_000)])
    assert.ok(!isMissing(text), text)
})
