// The factors of all candidates of a ranking as rows of numbers: an object for each candidate was most of what a ranking allocated.

interface Row {
  factors: FactorTable
  row: number
}

export interface FactorTable {
  names: readonly string[]
  /** A number for each name, row by row. */
  values: Float32Array
}

export const NO_FACTORS: FactorTable = { names: [], values: new Float32Array(0) }

export const factorsOf = ({ factors: { names, values }, row }: Row): Record<string, number> =>
  Object.fromEntries(names.map((name, f) => [name, values[row * names.length + f] as number]))

/** Gives these candidates of one ranking a table of their own: they stay in memory for minutes, the others need not. */
export function keepRows(candidates: readonly Row[]): void {
  const all = candidates[0]?.factors ?? NO_FACTORS
  const width = all.names.length
  const kept = { names: all.names, values: new Float32Array(candidates.length * width) }
  for (const [row, candidate] of candidates.entries()) {
    if (candidate.factors === kept) continue // given twice
    for (let f = 0; f < width; f++) kept.values[row * width + f] = all.values[candidate.row * width + f] as number
    candidate.factors = kept
    candidate.row = row
  }
}
