/** Returns a function that runs tasks with the same key one after another, in the order of the calls. */
export function createKeyedQueue(): <T>(key: string, task: () => Promise<T>) => Promise<T> {
  const newest = new Map<string, Promise<unknown>>()
  return async (key, task) => {
    const before = newest.get(key)
    const own = before ? before.then(task, task) : task()
    newest.set(key, own)
    try {
      return await own
    } finally {
      if (newest.get(key) === own) newest.delete(key)
    }
  }
}
