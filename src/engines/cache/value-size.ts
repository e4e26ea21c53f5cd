/** Roughly how many bytes a value takes in memory: good enough to bound a cache. At least 1, which lru-cache requires. */
export function estimateBytes(value: unknown): number {
  if (typeof value === 'string') return 24 + value.length * 2 // V8 takes half of that for Latin text
  if (typeof value !== 'object' || value === null || value instanceof Date) return 16
  let bytes = 48
  for (const property of Object.values(value)) bytes += 8 + estimateBytes(property)
  return bytes
}
