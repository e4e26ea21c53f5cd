import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWakeableSleep } from './wakeable-sleep.ts'

const LONG_MS = 60_000

test('a sleep ends after its time', async () => {
  await createWakeableSleep().sleep(1)
})

test('a wake-up ends the sleep, and only that one', async () => {
  const { sleep, wake } = createWakeableSleep()
  const sleeping = sleep(LONG_MS)
  wake()
  wake()
  await sleeping
  let ended = false
  const next = sleep(LONG_MS).then(() => {
    ended = true
  })
  await new Promise(resolve => setImmediate(resolve))
  assert.equal(ended, false)
  wake()
  await next
})

test('a wake-up between two sleeps ends the next one at once', async () => {
  const { sleep, wake } = createWakeableSleep()
  wake()
  await sleep(LONG_MS)
})
