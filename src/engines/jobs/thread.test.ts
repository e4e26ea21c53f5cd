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
  // A busy event loop would not have ticked once. Half of what is possible leaves room for a busy machine.
  assert.ok(ticks >= 15, `${ticks} ticks`)
})

test('what goes wrong in a thread is thrown outside it', async () => {
  await assert.rejects(inThread(FIXTURE, { forMs: 0, how: 'throw' }), /computed nonsense/)
  await assert.rejects(inThread(FIXTURE, { forMs: 0, how: 'leave' }), /no result/)
})

test('a thread ends when its time is up, however busy it is', async () => {
  const began = performance.now()
  await assert.rejects(inThread(FIXTURE, { forMs: 20_000, how: 'answer' }, { signal: AbortSignal.timeout(300) }), /timeout/)
  assert.ok(performance.now() - began < 5_000)
  await assert.rejects(inThread(FIXTURE, { forMs: 0, how: 'answer' }, { signal: AbortSignal.abort() }), /abort/)
})
