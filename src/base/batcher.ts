/**
 * What comes while others are under way goes together with the next: alone when it is quiet, many at once when it is not,
 * and nothing ever waits for company. `send` answers in the order of what it was given; when it fails, it fails for all of them.
 */
export function createBatcher<I, O>(
  send: (items: I[]) => Promise<O[]>,
  {
    concurrency,
    batchSizeMax,
  }: { /** How many may be under way. */ concurrency: number /** How many go together. */; batchSizeMax: number },
): (item: I) => Promise<O> {
  const waiting: { item: I; resolve: (answer: O) => void; reject: (err: unknown) => void }[] = []
  let underWay = 0

  async function depart(): Promise<void> {
    underWay++
    // Whoever asks in the same turn of the event loop comes along.
    await Promise.resolve()
    while (waiting.length > 0) {
      const group = waiting.splice(0, batchSizeMax)
      try {
        const answers = await send(group.map(one => one.item))
        for (const [i, one] of group.entries()) one.resolve(answers[i] as O)
      } catch (err) {
        for (const one of group) one.reject(err)
      }
    }
    underWay--
  }

  return item =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (underWay < concurrency) void depart()
    })
}
