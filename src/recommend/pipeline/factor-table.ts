// The factors of all candidates of a ranking as rows of numbers: an object for each candidate was most of what a ranking allocated.

export interface FactorTable {
  names: readonly string[]
  /** A number for each name, row by row. */
  values: Float32Array
}

export const NO_FACTORS: FactorTable = { names: [], values: new Float32Array(0) }

export const factorsOf = ({ factors: { names, values }, row }: { factors: FactorTable; row: number }): Record<string, number> =>
  Object.fromEntries(names.map((name, f) => [name, values[row * names.length + f] as number]))
