import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { callApi } from '../../shared/api/client.ts'
import { type Bar, Chart } from '../../shared/charts/chart.tsx'
import { Figure } from '../../shared/charts/figure.tsx'
import { Loaded } from '../../shared/frame/query-state.tsx'
import { Link } from '../../shared/router.tsx'
import { formatCount } from '../../shared/time.ts'
import type { EditableArticle } from '../api/types.ts'
import { percent } from './periods.ts'
import { statisticsWords as words } from './statistics-words.ts'

interface Figures {
  avg_read_proc: number
  bounce_rate: number
  /** Seconds. */
  time_spent: number
  conversion: Record<string, number>
  origin: Record<string, number>
  completed: Record<string, number>
}

export function OneArticle({ viewer, id, period }: { viewer: string; id: string; period: string }) {
  const article = useQuery({
    queryKey: ['title', viewer, id],
    queryFn: ({ signal }) => callApi<EditableArticle>(`mp/articles/${id}`, { signal }).then(({ title = '' }) => title),
  })
  const figures = useQuery({
    queryKey: ['figures', viewer, id, period],
    queryFn: ({ signal }) => callApi<Figures>(`mp/statistics/articles/${id}?${period}`, { signal }),
  })
  return (
    <>
      <p>
        <Link href="/statistics">{words.backToAll}</Link>
      </p>
      <h2>{article.data}</h2>
      <Loaded query={figures}>
        {({ avg_read_proc, bounce_rate, time_spent, ...parts }) => (
          <>
            <dl className="totals">
              <Figure name={words.averageRead} value={percent.format(avg_read_proc)} />
              <Figure name={words.bounceRate} value={percent.format(bounce_rate)} />
              <Figure name={words.timeSpent} value={words.seconds(formatCount(time_spent))} />
            </dl>
            <div className="charts">
              <Parts title={words.conversion} names={words.conversionNames} parts={parts.conversion} />
              <Parts title={words.origin} names={words.originNames} parts={parts.origin} />
              <Parts title={words.completed} names={words.completedNames} parts={parts.completed} />
            </div>
          </>
        )}
      </Loaded>
    </>
  )
}

function Parts({ title, names, parts }: { title: string; names: Record<string, string>; parts: Record<string, number> }) {
  const bars = useMemo(() => Object.entries(parts).map(([key, count]): Bar => [names[key] ?? key, count]), [names, parts])
  return <Chart title={title} bars={bars} />
}
