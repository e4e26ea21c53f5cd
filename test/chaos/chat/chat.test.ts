import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { NO_REDIS } from '../../support/redis.ts'
import { FLOOD_READERS, floodWithMessages } from './flood.ts'
import { type ChatWorld, startWithReaders } from './readers.ts'
import { killWhilePairsChat } from './scenario.ts'

const killing = {
  smoke: { pairs: 2, kills: 1, restMs: 50 },
  full: { pairs: 100, kills: 20, restMs: 4_000 }, // fifty messages a second
}[SIZE]
const MESSAGES = 10_000
const skipKilling = SIZE === 'smoke' && !NO_REDIS && 'chaos/push has a pair that chats'
const skipFlood = SIZE === 'smoke' && 'test/journeys/chat.test.ts has a sender who floods'
const world = skipKilling ? undefined : await startWithReaders(2 * killing.pairs + (skipFlood ? 0 : FLOOD_READERS))

test('readers who chat while their server is killed again and again lose no acknowledged message, and both see one order', {
  skip: skipKilling,
  timeout: 1_800_000,
}, async t => {
  const outcome = await killWhilePairsChat(world as ChatWorld, killing)
  t.diagnostic(JSON.stringify({ ...killing, ...outcome }))
  assert.ok(outcome.reconnects >= 2 * killing.pairs * killing.kills, 'every client felt every kill')
  if (SIZE === 'full') assert.ok(outcome.sentAgain > 0, 'some messages had no answer when the server was killed')
})

test('a reader who sends thousands of messages at once is refused all but two a second, and harms nobody', {
  skip: skipFlood,
  timeout: 600_000,
}, async t => {
  const { others, ...outcome } = await floodWithMessages(world as ChatWorld, MESSAGES)
  const slowest = Math.max(...others.map(({ ms }) => ms))
  t.diagnostic(JSON.stringify({ messages: MESSAGES, ...outcome, others: others.length, slowest }))
  assert.deepEqual(Object.keys(outcome.statuses), ['201', '429'])
  assert.ok(outcome.stored === outcome.statuses[201] && outcome.stored <= 120 * (1 + Math.ceil(outcome.seconds / 60)))
  assert.deepEqual([...new Set(others.map(({ status }) => status))], [201])
  assert.ok(outcome.lateMb < outcome.earlyMb + 50, `${outcome.earlyMb} MB, then ${outcome.lateMb} MB`)
})
