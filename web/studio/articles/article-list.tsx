// The creator's articles.

import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Pages } from '../../shared/frame/pages.tsx'
import { Loaded } from '../../shared/frame/query-state.tsx'
import { useFilters } from '../../shared/frame/use-filters.ts'
import { Link } from '../../shared/router.tsx'
import { decisionsQuery, ownArticlesQuery } from '../api/queries.ts'
import { words } from '../words.ts'
import { ArticleFilters } from './article-filters.tsx'
import { ArticleRow } from './article-row.tsx'
import { BannedArticles } from './banned-articles.tsx'
import { lastDecisions } from './last-decisions.ts'

export function ArticleList({ viewer }: { viewer: string }) {
  const [search, change] = useFilters()
  const articles = useQuery(ownArticlesQuery(viewer, search.toString()))
  const decisions = lastDecisions(useQuery(decisionsQuery(viewer)).data ?? [])
  return (
    <>
      <div className="head">
        <h1>{words.articles}</h1>
        <Button component={Link} href="/write">
          {words.write}
        </Button>
      </div>
      <BannedArticles decisions={[...decisions.values()]} viewer={viewer} />
      <ArticleFilters search={search} onChange={change} />
      <Loaded query={articles}>
        {page => (
          <>
            <p className="count" role="status">
              {words.found(page.total_count)}
            </p>
            <ul className="articles" aria-busy={articles.isPlaceholderData}>
              {page.results.map(article => (
                <ArticleRow key={article.id} article={article} decision={decisions.get(article.id)} viewer={viewer} />
              ))}
            </ul>
            <Pages of={page} onChange={number => change({ page: String(number) })} />
          </>
        )}
      </Loaded>
    </>
  )
}
