/** The items with the highest values, and of equal ones the first. */
export function topOf(items: Int32Array, limit: number, valueOf: (item: number) => number): number[] {
  const top: number[] = []
  for (const item of items) {
    const value = valueOf(item)
    if (top.length === limit && value <= valueOf(top[limit - 1] as number)) continue
    let place = top.length
    while (place > 0 && valueOf(top[place - 1] as number) < value) place--
    top.splice(place, 0, item)
    if (top.length > limit) top.pop()
  }
  return top
}
