export interface Report {
  /** What was sent, how long and how often. */
  load: string
  rows: Record<string, string | number>[]
}

export const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** The value below which `share` of them lie. */
export const quantile = (values: number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN

export const round = (value: number, digits = 3): number => Number(value.toPrecision(digits))

/** Milliseconds of processor time that this process has used: what else runs on the machine counts little. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
