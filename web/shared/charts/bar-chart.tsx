import { BarChart as Bars } from 'echarts/charts'
import { GridComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { useTheme } from '../theme.ts'
import type { Bar } from './chart.tsx'

// No tooltips: ECharts would write their styles into attributes, which the content security policy forbids.
use([Bars, GridComponent, SVGRenderer])

export function BarChart({ bars, nameMax }: { bars: Bar[]; nameMax: number }) {
  const element = useRef<HTMLDivElement>(null)
  const theme = useTheme()
  useEffect(() => {
    const box = element.current
    if (!box) return
    const colour = (name: string) => getComputedStyle(box).getPropertyValue(name)
    const chart = init(box)
    chart.setOption({
      animation: false,
      grid: { left: 8, right: 8, top: 24, bottom: 8, containLabel: true },
      xAxis: {
        type: 'category',
        data: bars.map(([name]) => (name.length > nameMax ? `${name.slice(0, nameMax)}…` : name)),
        axisLabel: { color: colour('--chart-text') },
        axisTick: { show: false },
      },
      yAxis: {
        type: 'value',
        minInterval: 1,
        axisLabel: { color: colour('--chart-text') },
        splitLine: { lineStyle: { color: colour('--chart-line') } },
      },
      series: [{ type: 'bar', data: bars.map(([, value]) => value), barMaxWidth: 40, color: colour('--chart-bar') }],
    })
    const observer = new ResizeObserver(() => chart.resize())
    observer.observe(box)
    return () => {
      observer.disconnect()
      chart.dispose()
    }
  }, [bars, nameMax, theme])
  return <div ref={element} className="canvas" aria-hidden="true" />
}
