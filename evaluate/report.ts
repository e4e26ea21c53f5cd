import { table } from '../src/cli/table.ts'
import type { Evaluation } from './evaluation.ts'
import { METRICS, type Row } from './measure/scoreboard.ts'

/** One line a row, with the metrics that the protocol has, and the interval of the first. */
export function tableOf({ protocol, rows }: Evaluation): string {
  const used = METRICS.filter(metric => Object.values(rows).some(row => row[metric] !== null))
  const [first] = used
  const interval = (row: Row) => (first && row.ci95[first]?.map(value => value.toFixed(4)).join(' … ')) ?? ''
  return table(
    [protocol, ...used, `95 % of ${first}`],
    Object.entries(rows).map(([name, row]) => [name, ...used.map(metric => row[metric]?.toFixed(4) ?? ''), interval(row)]),
  )
}
