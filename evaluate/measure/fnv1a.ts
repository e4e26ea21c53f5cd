const OFFSET_BASIS = 0x811c9dc5
const PRIME = 0x01000193

/** FNV-1a with 32 bits, of ASCII text. */
export function fnv1a(text: string): number {
  let hash = OFFSET_BASIS
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME)
  return hash >>> 0
}
