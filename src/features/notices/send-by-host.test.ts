import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '../../../test/support/waiting.ts'
import { serviceOf } from './push-service.ts'
import { createHostSender } from './send-by-host.ts'

/** Hosts whose name begins with `slow` answer when `answer` is called. */
function startHosts({ atOnce = 2, atOnceInAll = 8, hostsMax = 100, slowMs = 20 } = {}) {
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
    atOnceInAll,
    hostsMax,
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

const slowHosts = (count: number, name = 'slow') => Array.from({ length: count }, (_, i) => `${name}${i} 1`)

test('any number of slow hosts takes half of the connections at most, and holds up no host that was quick before', async () => {
  const { sendAll, arrived, most } = startHosts()
  await sendAll(['quick 1'])
  await sendAll([...slowHosts(50), 'quick 2'])
  await sendAll([...slowHosts(50, 'slower'), 'quick 3'])
  assert.equal(most(), 4)
  assert.deepEqual(
    arrived.filter(message => message.startsWith('quick')),
    ['quick 1', 'quick 2', 'quick 3'],
  )
})

test('beyond the limit on slow hosts, others that are not known to be quick get nothing until one of them is done', async () => {
  const { sendAll, arrived, answer } = startHosts({ hostsMax: 3 })
  await sendAll(['quick 1'])
  await sendAll(slowHosts(5))
  await sendAll(['new 1', 'quick 2'])
  assert.deepEqual(arrived, ['quick 1', 'slow0 1', 'slow1 1', 'slow2 1', 'quick 2'])
  answer()
  await eventually(
    () => sendAll(['new 2']).then(() => arrived.at(-1)),
    last => last === 'new 2',
  )
})

test('names below one domain are one push service, an address is one with its port', () => {
  const endpoints = ['https://fcm.googleapis.com/x', 'https://a.b.googleapis.com/y', 'http://10.0.0.1:8080/x', 'http://[::1]:8080/x']
  assert.deepEqual(endpoints.map(serviceOf), ['googleapis.com', 'googleapis.com', '10.0.0.1:8080', '[::1]:8080'])
})

test('a batch fails if a message cannot be sent, and can be sent again at once', async () => {
  const arrived: string[] = []
  const sendAll = createHostSender<string>({
    hostOf: message => message.split(' ')[0] as string,
    async send(message) {
      arrived.push(message)
      if (message === 'x 1' && arrived.length === 1) throw new Error('no')
      await new Promise(resolve => setImmediate(resolve))
    },
    atOnce: 2,
    atOnceInAll: 8,
    hostsMax: 2,
    slowMs: 10_000,
  })
  await assert.rejects(sendAll(['x 1', 'x 2', 'y 1']), /no/)
  await sendAll(['x 1', 'x 2', 'y 1'])
  assert.deepEqual(arrived, ['x 1', 'x 2', 'y 1', 'x 1', 'x 2', 'y 1'])
})
