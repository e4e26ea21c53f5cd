import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '../../../test/support/waiting.ts'
import { createHostSender } from './send-by-host.ts'

/** Hosts whose name begins with `slow` answer when `answer` is called. */
function startHosts({ atOnce = 2, slowMs = 20 } = {}) {
  const arrived: string[] = []
  const waiting: (() => void)[] = []
  let most = 0
  const sendAll = createHostSender<string>({
    hostOf: message => message.split(' ')[0] as string,
    async send(message) {
      arrived.push(message)
      if (!message.startsWith('slow')) return
      await new Promise<void>(resolve => {
        waiting.push(resolve)
        most = Math.max(most, waiting.length)
      })
    },
    atOnce,
    slowMs,
  })
  return { sendAll, arrived, answer: () => waiting.shift()?.(), most: () => most }
}

test('a host that does not answer holds up no other, neither in this batch nor in the next', async () => {
  const { sendAll, arrived } = startHosts()
  await sendAll(['slow 1', 'slow 2', 'slow 3', 'quick 1'])
  await sendAll(['slow 4', 'quick 2'])
  assert.deepEqual(arrived, ['slow 1', 'slow 2', 'quick 1', 'quick 2'])
})

test('a host that was left behind gets the rest when it answers, and what comes after that', async () => {
  const { sendAll, arrived, answer, most } = startHosts()
  await sendAll(['slow 1', 'slow 2', 'slow 3', 'slow 4'])
  await eventually(
    () => (answer(), arrived.length),
    count => count === 4,
  )
  await eventually(
    () => (answer(), sendAll(['slow 5']).then(() => arrived.includes('slow 5'))),
    isSent => isSent,
  )
  assert.equal(most(), 2)
})

test('a batch fails if a message cannot be sent', async () => {
  const sendAll = createHostSender<string>({
    hostOf: () => 'x',
    send: () => Promise.reject(new Error('no')),
    atOnce: 2,
    slowMs: 1_000,
  })
  await assert.rejects(sendAll(['x']), /no/)
})
