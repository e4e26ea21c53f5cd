// How high what a user likes stands in a ranking of every item that they are not known to like.

import { ndcg } from '../measure/impression-metrics.ts'
import type { Scoreboard } from '../measure/scoreboard.ts'
import { topOf } from '../measure/top.ts'
import type { Split } from './data.ts'
import type { ScoreItems } from './item-knn.ts'

export const TOP = 20

export function scoreUsers(board: Scoreboard, row: string, { fit, mask, test, items, countsAllUsers }: Split, scoresOf: ScoreItems): void {
  for (const [user, wanted] of test.entries()) {
    if (wanted.length === 0) {
      if (countsAllUsers) board.add(row, user, { ndcg5: 0, ndcg10: 0, hr5: 0, hr10: 0, hr20: 0, recall20: 0 })
      continue
    }
    const scores = scoresOf(fit[user] ?? [], user)
    const masked = new Set(mask[user])
    const unknown = Int32Array.from({ length: items }, (_, item) => item).filter(item => !masked.has(item))
    const top = topOf(unknown, TOP, item => scores[item] as number)
    const hits = top.map(item => Number(wanted.includes(item)))
    const hitsIn = (k: number) => hits.slice(0, k).reduce((sum, hit) => sum + hit, 0)
    board.add(row, user, {
      ndcg5: ndcg(5, hits, wanted.length),
      ndcg10: ndcg(10, hits, wanted.length),
      hr5: Number(hitsIn(5) > 0),
      hr10: Number(hitsIn(10) > 0),
      hr20: Number(hitsIn(20) > 0),
      recall20: hitsIn(20) / wanted.length,
    })
  }
}
