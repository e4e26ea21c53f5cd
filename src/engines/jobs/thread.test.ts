import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inThread } from './thread.ts'

const FIXTURE = new URL('thread.fixture.ts', import.meta.url)

test('while a thread computes, everything else goes on', async () => {
  let ticks = 0
  const ticking = setInterval(() => ticks++, 10)
  const result = await inThread(FIXTURE, { forMs: 500, how: 'answer' })
  clearInterval(ticking)
  assert.deepEqual(result, { computedMs: 500 })
  assert.ok(ticks >= 2, `${ticks} ticks`) // a busy event loop would not have ticked once
})

test('what goes wrong in a thread is thrown outside it', async () => {
  await assert.rejects(inThread(FIXTURE, { forMs: 0, how: 'throw' }), /computed nonsense/)
  await assert.rejects(inThread(FIXTURE, { forMs: 0, how: 'leave' }), /no result/)
})

test('a thread ends when its time is up, however busy it is', async () => {
  // It would compute for an hour.
  await assert.rejects(inThread(FIXTURE, { forMs: 3_600_000, how: 'answer' }, { signal: AbortSignal.timeout(300) }), /timeout/)
  await assert.rejects(inThread(FIXTURE, { forMs: 0, how: 'answer' }, { signal: AbortSignal.abort() }), /abort/)
})
