import { setImmediate as nextTurn } from 'node:timers/promises'

interface BatcherOptions<I> {
  concurrency: number
  batchSizeMax: number
  sizeOf?: (item: I) => number
  isForAll?: (err: Error) => boolean
}

/**
 * Groups single requests into batches. While fewer than `concurrency` batches are being sent, a request is sent at the
 * end of its turn of the event loop, with all others of it; the others wait and leave together in the next batch. No request waits for a
 * batch to fill. `sizeOf` an item, by default 1, is what `batchSizeMax` bounds; an item that is larger is sent alone.
 * `send` returns one answer for each item, in the same order. If it throws, every request of its batch is rejected, and those who wait
 * too if the error `isForAll`: each of their batches would wait for the same.
 */
export function createBatcher<I, O>(
  send: (items: I[]) => Promise<O[]>,
  { concurrency, batchSizeMax, sizeOf = () => 1, isForAll = () => false }: BatcherOptions<I>,
): (item: I) => Promise<O> {
  const waiting: { item: I; resolve: (answer: O) => void; reject: (err: unknown) => void }[] = []
  let running = 0

  function takeBatch() {
    let size = 0
    const end = waiting.findIndex(({ item }, i) => (size += sizeOf(item)) > batchSizeMax && i > 0)
    return waiting.splice(0, end < 0 ? waiting.length : end)
  }

  async function sendWaiting(): Promise<void> {
    running++
    for (;;) {
      // Requests that came in the same turn of the event loop join this batch: their sockets are read one after the other.
      await nextTurn()
      if (waiting.length === 0) break
      const batch = takeBatch()
      try {
        const answers = await send(batch.map(({ item }) => item))
        for (const [i, { resolve }] of batch.entries()) resolve(answers[i] as O)
      } catch (err) {
        const failed = isForAll(err as Error) ? [...batch, ...waiting.splice(0)] : batch
        for (const { reject } of failed) reject(err)
      }
    }
    running--
  }

  return item =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (running < concurrency) void sendWaiting()
    })
}
