import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { NO_REDIS } from '../../support/redis.ts'
import { losePostgres } from './postgres-away.ts'
import { openPushScenario } from './scenario.ts'

const { readers, restMs, kills, awayMs } = {
  smoke: { readers: 10, restMs: 20, kills: 1, awayMs: 1_000 },
  full: { readers: 200, restMs: 2, kills: 20, awayMs: 10_000 },
}[SIZE]
const scenario = NO_REDIS ? undefined : await openPushScenario({ readers, restMs })

test('clients whose server is killed again and again miss no notice, see none twice, and know how many are unread', {
  skip: NO_REDIS,
  timeout: 600_000,
}, async t => {
  const outcome = await scenario?.kill(kills)
  t.diagnostic(JSON.stringify({ readers, kills, ...outcome }))
  assert.ok((outcome?.notices ?? 0) > 0)
})

test('a reader with sockets on two processes is told on both, also while Redis is away', { skip: NO_REDIS }, () => scenario?.loseRedis())

test('an author is told of every acknowledged like after PostgreSQL was away', { timeout: 300_000 }, async t => {
  const outcome = await losePostgres(awayMs)
  t.diagnostic(JSON.stringify({ awayMs, ...outcome }))
  assert.ok(outcome.refused > 0)
})
