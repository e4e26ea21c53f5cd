const AT_ONCE = 6 // fewer than there are database connections: on a busy machine, requests beyond those get a 503

/** Runs `step` `count` times, six at a time. The results are in the order of `i`. */
export async function repeat<T>(count: number, step: (i: number) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  let next = 0
  const work = async () => {
    while (next < count) {
      const i = next++
      results[i] = await step(i)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return results
}
