import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSealing } from './sealing.ts'

const bytes = Buffer.from('an identity card')
const sealing = createSealing('k'.repeat(32))

test('what is sealed can be opened with the same secret and for the same context only', () => {
  const sealed = sealing.seal(bytes, 'alice')
  assert.ok(!sealed.includes(bytes))
  assert.deepEqual(createSealing('k'.repeat(32)).open(sealed, 'alice'), bytes)
  assert.throws(() => sealing.open(sealed, 'bob'))
  assert.throws(() => createSealing('x'.repeat(32)).open(sealed, 'alice'))
})

test('a changed, shortened or empty text does not open', () => {
  const sealed = sealing.seal(bytes, 'alice')
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed[at] = (changed[at] as number) ^ 1
    assert.throws(() => sealing.open(changed, 'alice'), `byte ${at}`)
    assert.throws(() => sealing.open(sealed.subarray(0, at), 'alice'), `${at} bytes`)
  }
})

test('the same text is never sealed to the same bytes', () => {
  assert.notDeepEqual(sealing.seal(bytes, 'alice'), sealing.seal(bytes, 'alice'))
})
