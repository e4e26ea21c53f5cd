import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { killWhilePairsChat } from './scenario.ts'

const size = {
  smoke: { pairs: 2, kills: 1, restMs: 50 },
  full: { pairs: 100, kills: 20, restMs: 4_000 }, // fifty messages a second
}[SIZE]

test('readers who chat while their server is killed again and again lose no acknowledged message, and both see one order', {
  timeout: 600_000,
}, async t => {
  const outcome = await killWhilePairsChat(size)
  t.diagnostic(JSON.stringify({ ...size, ...outcome }))
  assert.ok(outcome.reconnects >= 2 * size.pairs)
})
