// A bar chart. The same figures stand beside it as a table, which screen readers read and which is there before ECharts is loaded.

import { lazy, Suspense } from 'react'
import { textAttributes } from '../language.ts'
import { Link } from '../router.tsx'
import { formatCount } from '../time.ts'

const BarChart = lazy(() => import('./bar-chart.tsx').then(module => ({ default: module.BarChart })))

/** `path`: a screen with more about it. */
export type Bar = [name: string, value: number, path?: string]

interface Props {
  title: string
  bars: Bar[]
  /** Characters of a name below its bar. */
  nameMax?: number
  /** False where a table with more columns stands beside it. */
  hasTable?: boolean
}

export function Chart({ title, bars, nameMax = 8, hasTable = true }: Props) {
  return (
    <section className="chart">
      <h2>{title}</h2>
      <Suspense fallback={<div className="canvas" />}>
        <BarChart bars={bars} nameMax={nameMax} />
      </Suspense>
      {hasTable && (
        <table>
          <caption className="unseen">{title}</caption>
          <tbody>
            {bars.map(([name, value, path]) => (
              <tr key={path ?? name}>
                <th scope="row" {...textAttributes(name)}>
                  {path ? <Link href={path}>{name}</Link> : name}
                </th>
                <td>{formatCount(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
