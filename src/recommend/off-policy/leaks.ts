// Whether something that is stored with the pages knows what was clicked. What is known before a click does not sort the clicked
// article above the others of its page nearly always: the best rankings of public logs do in 81 of 100 comparisons (docs/evaluation.md).

import { FACTORS, type LoggedPage } from './logged-page.ts'

/** No honest factor comes near; one that counts the click itself is at 1. */
const SURE = 0.9
const PAGES_MIN = 50

/** The name of a factor that sorts the clicked above the others of their pages (or below), and how often; surely more than SURE. */
export function findLeak(pages: readonly LoggedPage[], scoresOf: Record<string, (page: LoggedPage) => ArrayLike<number>>) {
  const factors = FACTORS.map((name, f) => [name, (page: LoggedPage) => column(page, f)] as const)
  for (const [name, valuesOf] of [...factors, ...Object.entries(scoresOf)]) {
    let [count, sum, squares] = [0, 0, 0]
    for (const page of pages) {
      const share = sortedShare(valuesOf(page), page.clicked)
      if (share === undefined) continue
      count++
      sum += share
      squares += share * share
    }
    if (count < PAGES_MIN) continue
    const mean = sum / count
    const error = Math.sqrt(Math.max(0, squares / count - mean * mean) / count)
    if (Math.abs(mean - 0.5) - 2 * error > SURE - 0.5) return { name, share: Math.max(mean, 1 - mean) }
  }
  return undefined
}

const column = ({ factors, places }: LoggedPage, f: number) =>
  Array.from({ length: places }, (_, place) => factors[place * FACTORS.length + f] as number)

/** Of all pairs of a clicked article and another, those in which the clicked one has the higher value; equal ones count half. */
function sortedShare(values: ArrayLike<number>, clicked: Uint8Array): number | undefined {
  let [pairs, sorted] = [0, 0]
  for (let a = 0; a < clicked.length; a++)
    for (let b = 0; b < clicked.length; b++) {
      if (!clicked[a] || clicked[b] || Number.isNaN(values[a]) || Number.isNaN(values[b])) continue
      pairs++
      sorted += (values[a] as number) > (values[b] as number) ? 1 : values[a] === values[b] ? 0.5 : 0
    }
  return pairs > 0 ? sorted / pairs : undefined
}
