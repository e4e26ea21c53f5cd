import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBatcher } from './batcher.ts'

const nextTurn = () => new Promise(resolve => setImmediate(resolve))

/** A `send` that records its batches and answers the oldest one on `finishOne`: ten times each item, or an error. */
function controlledSend() {
  const batches: number[][] = []
  const unfinished: ((error?: Error) => void)[] = []
  return {
    batches,
    send(items: number[]) {
      batches.push(items)
      return new Promise<number[]>((resolve, reject) => unfinished.push(err => (err ? reject(err) : resolve(items.map(item => item * 10)))))
    },
    async finishOne(error?: Error) {
      unfinished.shift()?.(error)
      await nextTurn() // its requests are answered
      await nextTurn() // the next batch is sent
    },
  }
}

test('requests that arrive while a batch is being sent leave together, and each gets its own answer', async () => {
  const { batches, send, finishOne } = controlledSend()
  const request = createBatcher(send, { concurrency: 1, batchSizeMax: 3 })
  const first = request(1)
  await nextTurn()
  const later = [2, 3, 4, 5].map(request)
  await finishOne()
  await finishOne()
  await finishOne()
  assert.deepEqual(batches, [[1], [2, 3, 4], [5]])
  assert.deepEqual(await Promise.all([first, ...later]), [10, 20, 30, 40, 50])
})

test('a batch has items up to a size; a larger item leaves alone', async () => {
  const { batches, send, finishOne } = controlledSend()
  const request = createBatcher(send, { concurrency: 1, batchSizeMax: 5, sizeOf: item => item })
  for (const item of [2, 3, 1, 9, 4]) void request(item)
  for (let i = 0; i < 4; i++) await finishOne()
  assert.deepEqual(batches, [[2, 3], [1], [9], [4]])
})

test('requests of one turn of the event loop leave together, whatever each does before', async () => {
  const { batches, send } = controlledSend()
  const request = createBatcher(send, { concurrency: 1, batchSizeMax: 10 })
  void request(1)
  await new Promise(resolve => process.nextTick(resolve))
  await Promise.resolve()
  void request(2)
  await nextTurn()
  await nextTurn()
  assert.deepEqual(batches, [[1, 2]])
})

test('a single request is sent at once, until `concurrency` batches are being sent', async () => {
  const { batches, send } = controlledSend()
  const request = createBatcher(send, { concurrency: 2, batchSizeMax: 10 })
  for (const item of [1, 2, 3]) {
    void request(item)
    await nextTurn()
  }
  assert.deepEqual(batches, [[1], [2]])
})

test('an error that is for all rejects those who wait as well', async () => {
  const { batches, send, finishOne } = controlledSend()
  const request = createBatcher(send, { concurrency: 1, batchSizeMax: 10, isForAll: err => err.message === 'away' })
  const first = request(1)
  await nextTurn()
  const later = request(2)
  const rejections = [first, later].map(promise => assert.rejects(promise, /away/))
  await finishOne(new Error('away'))
  await Promise.all(rejections)
  assert.deepEqual(batches, [[1]])
  const next = request(3)
  await nextTurn()
  await finishOne()
  assert.equal(await next, 30)
})

test('a batch that fails rejects its own requests and no later ones', async () => {
  const { send, finishOne } = controlledSend()
  const request = createBatcher(send, { concurrency: 1, batchSizeMax: 10 })
  const firstBatch = [request(1), request(2)]
  await nextTurn()
  const later = request(3)
  const rejections = firstBatch.map(promise => assert.rejects(promise, /no/))
  await finishOne(new Error('no'))
  await finishOne()
  await Promise.all(rejections)
  assert.equal(await later, 30)
})
