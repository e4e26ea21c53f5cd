import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { FLOOD_READERS, floodWithMessages } from './flood.ts'
import { startWithReaders } from './readers.ts'
import { killWhilePairsChat } from './scenario.ts'

const size = {
  smoke: { pairs: 2, kills: 1, restMs: 50 },
  full: { pairs: 100, kills: 20, restMs: 4_000 }, // fifty messages a second
}[SIZE]
const world = await startWithReaders(2 * size.pairs + FLOOD_READERS)

test('readers who chat while their server is killed again and again lose no acknowledged message, and both see one order', {
  timeout: 1_800_000,
}, async t => {
  const outcome = await killWhilePairsChat(world, size)
  t.diagnostic(JSON.stringify({ ...size, ...outcome }))
  assert.ok(outcome.reconnects >= 2 * size.pairs * size.kills, 'every client felt every kill')
  if (SIZE === 'full') assert.ok(outcome.sentAgain > 0, 'some messages had no answer when the server was killed')
})

test('a reader who sends thousands of messages at once is refused all but two a second, and harms nobody', {
  timeout: 600_000,
}, async t => {
  const messages = { smoke: 300, full: 10_000 }[SIZE]
  const { others, ...outcome } = await floodWithMessages(world, messages)
  const slowest = Math.max(...others.map(({ ms }) => ms))
  t.diagnostic(JSON.stringify({ messages, ...outcome, others: others.length, slowest }))
  assert.deepEqual(Object.keys(outcome.statuses), ['201', '429'])
  assert.ok(outcome.stored === outcome.statuses[201] && outcome.stored <= 120 * (1 + Math.ceil(outcome.seconds / 60)))
  assert.deepEqual([...new Set(others.map(({ status }) => status))], [201])
  if (SIZE === 'full') assert.ok(outcome.lateMb < outcome.earlyMb + 50, `${outcome.earlyMb} MB, then ${outcome.lateMb} MB`)
})
