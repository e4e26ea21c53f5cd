import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { NO_REDIS } from '../../support/redis.ts'
import { killWhilePairsChat } from '../chat/scenario.ts'
import { losePostgres } from './postgres-away.ts'
import { openPushScenario } from './scenario.ts'

const AWAY_MS = 10_000
const { readers, restMs, kills } = { smoke: { readers: 4, restMs: 50, kills: 1 }, full: { readers: 200, restMs: 2, kills: 20 } }[SIZE]
/** In `npm run chaos` chat has a scenario of its own. */
const CHAT = { pairs: 1, kills: 1, restMs: 50 }
const scenario = NO_REDIS ? undefined : await openPushScenario({ readers, restMs })

test('clients whose server is killed miss no notice, see none twice, and know how many are unread; those who chat lose no message', {
  skip: NO_REDIS,
  timeout: 600_000,
}, async t => {
  if (!scenario) return
  const chatting = SIZE === 'smoke' ? killWhilePairsChat(scenario.chatWorld(), CHAT) : undefined
  const [outcome, chat] = await Promise.all([scenario.kill(kills, chatting !== undefined), chatting])
  t.diagnostic(JSON.stringify({ readers, kills, ...outcome, chat }))
  assert.ok(outcome.notices > 0)
  if (chat) assert.ok(chat.reconnects >= 2, 'those who chat felt the kill')
})

test('a reader with sockets on two processes is told on both, also while Redis is away', { skip: NO_REDIS }, () => scenario?.loseRedis())

test('an author is told of every acknowledged like after PostgreSQL was away', {
  skip: SIZE === 'smoke' && 'src/engines/log has connections that are lost and consumers that start again',
  timeout: 300_000,
}, async t => {
  const outcome = await losePostgres(AWAY_MS)
  t.diagnostic(JSON.stringify({ awayMs: AWAY_MS, ...outcome }))
  assert.ok(outcome.refused > 0)
})
