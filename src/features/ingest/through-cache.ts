import type { LRUCache } from 'lru-cache'

/** Values from the cache, and from `load` for keys that are missing there. */
export async function throughCache<V extends {}>(
  cache: LRUCache<string, V>,
  keys: string[],
  load: (missing: string[]) => Promise<Map<string, V>>,
) {
  const values = new Map<string, V>()
  const missing = new Set<string>()
  for (const key of keys) {
    const value = cache.get(key)
    if (value === undefined) missing.add(key)
    else values.set(key, value)
  }
  if (missing.size === 0) return values
  for (const [key, value] of await load([...missing])) {
    cache.set(key, value)
    values.set(key, value)
  }
  return values
}
