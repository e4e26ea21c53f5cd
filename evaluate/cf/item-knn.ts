// Item-based nearest neighbours: the cosine of the users of two items. In single precision, as the published values are.

import type { Likes } from './data.ts'

export type ScoreItems = (liked: readonly number[], user: number) => ArrayLike<number>

export function fitItemKnn(likes: Likes, items: number, { neighbours, shrink }: { neighbours: number; shrink: number }): ScoreItems {
  const usersOf: number[][] = Array.from({ length: items }, () => [])
  for (const [user, liked] of likes.entries()) for (const item of liked) usersOf[item]?.push(user)
  const lengths = Float32Array.from(usersOf, users => Math.sqrt(users.length))
  // By item: the items that count it among their nearest.
  const nearTo: { item: number; similarity: number }[][] = Array.from({ length: items }, () => [])
  const together = new Float32Array(items)
  for (let item = 0; item < items; item++) {
    together.fill(0)
    for (const user of usersOf[item] as number[])
      for (const other of likes[user] as number[]) together[other] = (together[other] as number) + 1
    const others: { item: number; similarity: number }[] = []
    for (let other = 0; other < items; other++) {
      if (other === item || together[other] === 0) continue
      const length = Math.fround(Math.fround((lengths[item] as number) * (lengths[other] as number)) + shrink)
      others.push({ item: other, similarity: Math.fround((together[other] as number) / length) })
    }
    others.sort((a, b) => b.similarity - a.similarity || a.item - b.item)
    for (const { item: other, similarity } of others.slice(0, neighbours)) nearTo[other]?.push({ item, similarity })
  }
  return liked => {
    const scores = new Float32Array(items)
    for (const item of liked)
      for (const { item: other, similarity } of nearTo[item] as { item: number; similarity: number }[])
        scores[other] = (scores[other] as number) + similarity
    return scores
  }
}

/** The same order for everybody: how many users like the item. */
export function fitPopularity(likes: Likes, items: number): ScoreItems {
  const counts = new Float64Array(items)
  for (const liked of likes) for (const item of liked) counts[item] = (counts[item] as number) + 1
  return () => counts
}
