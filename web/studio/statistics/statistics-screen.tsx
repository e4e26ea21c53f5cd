// Figures of all articles, or of one, within a period.

import { NativeSelect } from '@mantine/core'
import { useSearchParams } from 'wouter'
import { AllArticles } from './all-articles.tsx'
import { OneArticle } from './one-article.tsx'
import { PERIODS, periodQuery } from './periods.ts'
import { statisticsWords as words } from './statistics-words.ts'

export function StatisticsScreen({ viewer, id }: { viewer: string; id: string | undefined }) {
  const [search, setSearch] = useSearchParams()
  const days = search.get('days') ?? '0'
  const period = periodQuery(Number(days) || 0, Date.now())
  return (
    <>
      <div className="head">
        <h1>{words.statistics}</h1>
        <NativeSelect
          aria-label={words.period}
          data={PERIODS}
          value={days}
          onChange={event => setSearch({ days: event.currentTarget.value }, { replace: true })}
        />
      </div>
      {id ? <OneArticle viewer={viewer} id={id} period={period} /> : <AllArticles viewer={viewer} period={period} />}
    </>
  )
}
