// One article. What the list knew of it is shown at once; the rest follows when it is loaded.

import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { ApiError } from '../../shared/api/client.ts'
import { Headline } from '../../shared/headline.tsx'
import { languageOf } from '../../shared/language.ts'
import type { HistoryEntry } from '../../shared/router.tsx'
import { useScrollRestoration } from '../../shared/scroll-restoration.ts'
import { formatCount, formatTime } from '../../shared/time.ts'
import { articleQuery } from '../api/queries.ts'
import type { Article } from '../api/types.ts'
import type { ArticlePreview } from '../article-link.tsx'
import { BackBar } from '../back-bar.tsx'
import { CornerButtons } from '../corner-buttons.tsx'
import { LoadFailure, NotFound } from '../failures.tsx'
import { words } from '../words.ts'
import { ArticleText } from './article-text.tsx'
import { RelatedArticles } from './related-articles.tsx'

export function ArticleScreen({ viewer, id, entry }: { viewer: string; id: string; entry: HistoryEntry<ArticlePreview> }) {
  const { data: article, error, refetch } = useQuery(articleQuery(viewer, id, entry.state?.trace))
  useScrollRestoration(`article ${entry.key}`, article !== undefined)
  const preview = article ?? entry.state
  const title = preview?.title ?? ''

  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  useDocumentTitle(title)

  return (
    <>
      <BackBar>
        <CornerButtons />
      </BackBar>
      <main>
        {error && !article ? (
          <ArticleFailure error={error} retry={refetch} />
        ) : (
          <article className="story" aria-busy={!article}>
            <h1 ref={heading} tabIndex={-1} lang={languageOf(title)}>
              <Headline text={title} />
            </h1>
            <Byline article={article} preview={preview} />
            {article ? <ArticleText html={article.content} language={languageOf(article.title)} /> : <TextSkeleton />}
            {article && <RelatedArticles articles={article.recomments} />}
          </article>
        )}
      </main>
    </>
  )
}

function Byline({ article, preview }: { article: Article | undefined; preview: ArticlePreview | undefined }) {
  return (
    <div className="byline">
      {article ? <img src={article.aut_photo} alt="" width="40" height="40" /> : <span className="photo" />}
      <p>
        <span className="author">{preview?.aut_name}</span>
        <span className="facts">
          {preview?.pubdate && <time dateTime={preview.pubdate}>{formatTime(preview.pubdate)}</time>}
          {article && <span>{words.reads(formatCount(article.read_count))}</span>}
          {article && article.like_count > 0 && <span>{words.likes(formatCount(article.like_count))}</span>}
        </span>
      </p>
    </div>
  )
}

function ArticleFailure({ error, retry }: { error: Error; retry: () => unknown }) {
  const isGone = error instanceof ApiError && error.status === 404
  return isGone ? <NotFound title={words.articleGone} hint={words.articleGoneHint} /> : <LoadFailure retry={retry} />
}

const TextSkeleton = () => (
  <div className="text lines" aria-hidden="true">
    {Array.from({ length: 9 }, (_, i) => (
      // biome-ignore lint: the lines are all alike and never move
      <i key={i} />
    ))}
  </div>
)

function useDocumentTitle(title: string): void {
  useEffect(() => {
    if (!title) return
    document.title = `${title} · Broadsheet`
    return () => {
      document.title = 'Broadsheet'
    }
  }, [title])
}
