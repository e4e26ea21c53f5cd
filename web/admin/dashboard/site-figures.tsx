import { NativeSelect } from '@mantine/core'
import { useMemo, useState } from 'react'
import { type Bar, Chart } from '../../shared/charts/chart.tsx'
import { Figure } from '../../shared/charts/figure.tsx'
import { Loaded } from '../../shared/frame/query-state.tsx'
import { LANGUAGE } from '../../shared/language.ts'
import { formatCount, formatSiteDate } from '../../shared/time.ts'
import { useData } from '../api/hooks.ts'
import type { SiteOverview, SiteSeries } from '../api/types.ts'
import { dashboardWords as words } from './dashboard-words.ts'

const SHOWN = ['day_activate', 'read', 'new_user', 'article', 'comment', 'access']
const DAYS = 14 // to compare a day with the same one a week before
const DAY_MS = 86_400_000
const signed = new Intl.NumberFormat(LANGUAGE, { signDisplay: 'exceptZero', maximumFractionDigits: 0 })

export function SiteFigures() {
  const [figure, setFigure] = useState('read')
  const [today] = useState(() => Date.now())
  const range = `begin=${formatSiteDate(today - (DAYS - 1) * DAY_MS)}&end=${formatSiteDate(today)}`
  const series = useData<SiteSeries>(`mis/statistics_basic?type=${figure}&size=day&${range}`, { keepsPrevious: true })
  const bars = useMemo(() => series.data?.map(({ date = '', count }): Bar => [date.slice(5), count]) ?? [], [series.data])
  return (
    <section>
      <h2>{words.figures}</h2>
      <dl className="totals">
        {SHOWN.map(name => (
          <Overview key={name} name={name} />
        ))}
      </dl>
      <NativeSelect
        className="narrow"
        label={words.figure}
        value={figure}
        data={Object.entries(words.figureNames).map(([value, label]) => ({ value, label }))}
        onChange={event => setFigure(event.currentTarget.value)}
      />
      <Loaded query={series}>{() => <Chart title={words.chart(words.figureNames[figure] ?? figure)} bars={bars} />}</Loaded>
    </section>
  )
}

function Overview({ name }: { name: string }) {
  const { data, isError } = useData<SiteOverview>(`mis/statistics_basic?type=${name}`)
  return (
    <Figure
      name={words.figureNames[name] ?? name}
      value={data ? formatCount(data.day_count) : isError ? words.unknown : '…'}
      note={data && `${words.total(formatCount(data.total_count))} · ${words.week(`${signed.format(data.week_percent)} %`)}`}
    />
  )
}
