// What the feed would use: the job that trains each night chooses by a held-out like of each user, and knows no test item. It holds
// out the newest; of sets without times, one that is drawn.

import type { ArticleId } from '../../src/base/id.ts'
import { createSeededRandom } from '../../src/base/seeded-random.ts'
import { createReadersLike } from '../../src/recommend/factors/readers-like.ts'
import { chooseFactors } from '../../src/recommend/nightly/article-factors.ts'
import type { Split } from './data.ts'
import type { ScoreItems } from './item-knn.ts'

/** More than are scored, as some are masked. */
const LIMIT = 500

const idOf = (item: number) => BigInt(item + 1) as ArticleId

export function fitChosen({ fit, newestFirst, items }: Split): ScoreItems {
  const readersLike = createReadersLike()
  const { shuffle } = createSeededRandom(1)
  const likes = newestFirst ?? fit.map(liked => shuffle([...liked]))
  readersLike.use(chooseFactors(likes.map(liked => liked.map(idOf))).factors)
  return liked => {
    const scores = new Float64Array(items)
    const found = readersLike.next(Array.from(liked, idOf), LIMIT, () => true)
    for (const [place, id] of found.entries()) scores[Number(id) - 1] = LIMIT - place
    return scores
  }
}
