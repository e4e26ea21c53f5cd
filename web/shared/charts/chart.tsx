// A bar chart. The same figures stand beside it as a table, which screen readers read and which is there before ECharts is loaded.

import { lazy, Suspense } from 'react'
import { Link } from 'wouter'
import { textAttributes } from '../language.ts'
import { formatCount } from '../time.ts'

const BarChart = lazy(() => import('./bar-chart.tsx').then(module => ({ default: module.BarChart })))

/** `path`: a screen with more about it. */
export type Bar = [name: string, value: number, path?: string]

export function Chart({ title, bars }: { title: string; bars: Bar[] }) {
  return (
    <section className="chart">
      <h2>{title}</h2>
      <Suspense fallback={<div className="canvas" />}>
        <BarChart bars={bars} />
      </Suspense>
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
    </section>
  )
}
