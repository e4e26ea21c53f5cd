import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useSearchParams } from 'wouter'
import { callApi } from '../../shared/api/client.ts'
import { type Bar, Chart } from '../../shared/charts/chart.tsx'
import { Figure } from '../../shared/charts/figure.tsx'
import { Pages } from '../../shared/frame/pages.tsx'
import { Loaded } from '../../shared/frame/query-state.tsx'
import { formatCount } from '../../shared/time.ts'
import { ownArticlesQuery } from '../api/queries.ts'
import { statisticsWords as words } from './statistics-words.ts'

interface Totals {
  read_count: number
  comment_count: number
  collect_count: number
  repost_count: number
}

export function AllArticles({ viewer, period }: { viewer: string; period: string }) {
  const [search, setSearch] = useSearchParams()
  const totals = useQuery({
    queryKey: ['totals', viewer, period],
    queryFn: ({ signal }) => callApi<Totals>(`mp/statistics/articles?${period}`, { signal }),
  })
  const articles = useQuery(ownArticlesQuery(viewer, `response_type=statistic&page=${Number(search.get('page')) || 1}`))
  const bars = useMemo(
    () => articles.data?.results.map(({ id, title, read_count }): Bar => [title, read_count, `/statistics/${id}`]) ?? [],
    [articles.data],
  )
  return (
    <>
      <Loaded query={totals}>
        {({ read_count, comment_count, collect_count, repost_count }) => (
          <dl className="totals">
            <Figure name={words.readCount} value={formatCount(read_count)} />
            <Figure name={words.commentCount} value={formatCount(comment_count)} />
            <Figure name={words.collectCount} value={formatCount(collect_count)} />
            <Figure name={words.repostCount} value={formatCount(repost_count)} />
          </dl>
        )}
      </Loaded>
      <Loaded query={articles}>
        {page =>
          page.total_count === 0 ? (
            <p>{words.noPublished}</p>
          ) : (
            <>
              <Chart title={words.perArticle} bars={bars} />
              <Pages of={page} onChange={number => setSearch(before => ({ ...Object.fromEntries(before), page: String(number) }))} />
            </>
          )
        }
      </Loaded>
    </>
  )
}
