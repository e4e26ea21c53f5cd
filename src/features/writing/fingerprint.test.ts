import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFingerprintOf } from './fingerprint.ts'

test('of a long article only the beginning is compared, so that saving one does not hold up other requests', () => {
  const given: string[] = []
  const fingerprintOf = createFingerprintOf(text => {
    given.push(text)
    return []
  })
  assert.equal(fingerprintOf('题', '中'.repeat(300_000)), null)
  assert.deepEqual(
    given.map(text => text.length),
    [4_000],
  )
})
