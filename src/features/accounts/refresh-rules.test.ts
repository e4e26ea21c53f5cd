import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decideRefresh, type RotationState } from './refresh-rules.ts'

const FRESH: RotationState = { generation: 0, secondsSinceRotation: null, is_confirmed: false, retried_generation: null, retriesToday: 0 }
const ROTATED: RotationState = { ...FRESH, generation: 5, secondsSinceRotation: 3_600 }

test('the newest refresh token is accepted, however old it is', () => {
  assert.equal(decideRefresh(FRESH, 0), 'current')
  assert.equal(decideRefresh({ ...ROTATED, is_confirmed: true }, 5), 'current')
})

test('parallel requests of one client get the same successor for ten seconds, even if one of them has used it', () => {
  for (const is_confirmed of [false, true]) {
    assert.equal(decideRefresh({ ...ROTATED, secondsSinceRotation: 10, is_confirmed }, 4), 'repeat')
    assert.equal(decideRefresh({ ...ROTATED, secondsSinceRotation: 10.5, is_confirmed }, 4), is_confirmed ? 'replayed' : 'retry')
  }
})

test('a client whose answer was lost gets the successor again: once a generation, three times a day', () => {
  assert.equal(decideRefresh(ROTATED, 4), 'retry')
  assert.equal(decideRefresh({ ...ROTATED, retried_generation: 5, retriesToday: 1 }, 4), 'replayed')
  assert.equal(decideRefresh({ ...ROTATED, retried_generation: 4, retriesToday: 2 }, 4), 'retry')
  assert.equal(decideRefresh({ ...ROTATED, retried_generation: 4, retriesToday: 3 }, 4), 'replayed')
})

test('a token from before its predecessor is a replay at any time', () => {
  assert.equal(decideRefresh({ ...ROTATED, secondsSinceRotation: 0 }, 3), 'replayed')
})

test('a token that this database has never issued is refused without ending the session', () => {
  assert.equal(decideRefresh(FRESH, 1), 'unknown')
})
