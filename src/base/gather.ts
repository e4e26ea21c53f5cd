/**
 * Puts questions that are asked at the same moment into one: each caller gives the keys it wants to know of, and all keys
 * given before the event loop comes round are loaded together. Every caller gets the whole answer, and reads its own.
 */
export function gather<K, V>(load: (keys: K[]) => Promise<Map<K, V>>, most: number): (keys: readonly K[]) => Promise<Map<K, V>> {
  let waiting: { keys: Set<K>; answer: Promise<Map<K, V>> } | undefined
  return keys => {
    // A fuller question than this is no longer answered faster than two.
    if (!waiting || waiting.keys.size + keys.length > most) {
      const batch = new Set<K>()
      const answer = new Promise<void>(resolve => setImmediate(resolve)).then(() => {
        if (waiting?.keys === batch) waiting = undefined
        return load([...batch])
      })
      waiting = { keys: batch, answer }
    }
    for (const key of keys) waiting.keys.add(key)
    return waiting.answer
  }
}
