// Draws an evaluation: for each row and metric a point with its interval.

import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CustomChart, ScatterChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import type { Evaluation } from './evaluation.ts'
import { METRICS } from './measure/scoreboard.ts'

use([CustomChart, ScatterChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer])

const [WIDTH, ROW_HEIGHT, MARGIN] = [900, 26, 120]
const METRICS_MAX = 2 // more in one picture cannot be told apart

/** Writes an SVG file and returns its path. */
export async function drawPlot(name: string, { protocol, rows }: Evaluation): Promise<string> {
  const names = Object.keys(rows).toReversed()
  const preferred = ['auc', 'ndcg10', 'hr10', 'hr20', 'recall20'] as const
  const metrics = preferred
    .filter(metric => METRICS.includes(metric) && names.some(row => rows[row]?.[metric] != null))
    .slice(0, METRICS_MAX)
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: MARGIN + ROW_HEIGHT * names.length })
  chart.setOption({
    animation: false,
    title: { text: protocol },
    legend: { data: [...metrics], right: 20 },
    grid: { left: 200, right: 40 },
    xAxis: { type: 'value', scale: true },
    yAxis: { type: 'category', data: names },
    series: metrics.flatMap(metric => [
      { name: metric, type: 'scatter', data: names.map((row, i) => [rows[row]?.[metric] ?? Number.NaN, i]) },
      {
        name: metric,
        type: 'custom',
        data: names.map((row, i) => [...(rows[row]?.ci95[metric] ?? [Number.NaN, Number.NaN]), i]),
        encode: { x: [0, 1], y: 2 },
        renderItem(_: unknown, api: { value(i: number): number; coord(at: number[]): number[]; visual(of: string): string }) {
          const [low, high] = [0, 1].map(i => api.coord([api.value(i), api.value(2)])) as [[number, number], [number, number]]
          return { type: 'line', shape: { x1: low[0], y1: low[1], x2: high[0], y2: high[1] }, style: { stroke: api.visual('color') } }
        },
      },
    ]),
  } as Parameters<typeof chart.setOption>[0])
  const path = join(tmpdir(), `broadsheet-evaluate-${name}.svg`)
  await writeFile(path, chart.renderToSVGString())
  chart.dispose()
  return path
}
