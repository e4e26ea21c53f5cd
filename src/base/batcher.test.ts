import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBatcher } from './batcher.ts'

/** Sends nothing until it is let go, and notes what went together. */
function gate() {
  const sent: number[][] = []
  const waiting: ((failed?: Error) => void)[] = []
  const send = (items: number[]) => {
    sent.push(items)
    return new Promise<number[]>((resolve, reject) => waiting.push(err => (err ? reject(err) : resolve(items.map(item => item * 10)))))
  }
  const turn = () => new Promise(resolve => setImmediate(resolve))
  return {
    sent,
    send,
    turn,
    async letGo(failed?: Error) {
      waiting.shift()?.(failed)
      await turn()
    },
  }
}

test('what comes while others are under way goes together, and each gets its own answer', async () => {
  const { sent, send, turn, letGo } = gate()
  const ask = createBatcher(send, { concurrency: 1, batchSizeMax: 3 })
  const first = ask(1)
  await turn()
  const later = [2, 3, 4, 5].map(ask)
  await letGo()
  await letGo()
  await letGo()
  assert.deepEqual(sent, [[1], [2, 3, 4], [5]])
  assert.deepEqual(await Promise.all([first, ...later]), [10, 20, 30, 40, 50])
})

test('no more than so many are under way, and one alone does not wait', async () => {
  const { sent, send, turn } = gate()
  const ask = createBatcher(send, { concurrency: 2, batchSizeMax: 10 })
  for (const item of [1, 2, 3]) {
    void ask(item)
    await turn()
  }
  assert.deepEqual(sent, [[1], [2]])
})

test('a failure reaches all who went together and nobody after them', async () => {
  const { send, turn, letGo } = gate()
  const ask = createBatcher(send, { concurrency: 1, batchSizeMax: 10 })
  const [one, two] = [ask(1), ask(2)]
  await turn()
  const three = ask(3)
  const failed = [one, two].map(promise => assert.rejects(promise, /no/))
  await letGo(new Error('no'))
  await letGo()
  await Promise.all(failed)
  assert.equal(await three, 30)
})
