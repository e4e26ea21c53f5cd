/** About how many bytes a value takes in memory: enough to bound a cache by. At least one, which the library asks for. */
export function estimateBytes(value: unknown): number {
  if (typeof value === 'string') return 24 + value.length * 2 // half of it, where all of it is Latin
  if (typeof value !== 'object' || value === null || value instanceof Date) return 16
  let bytes = 48
  for (const one of Object.values(value)) bytes += 8 + estimateBytes(one)
  return bytes
}
