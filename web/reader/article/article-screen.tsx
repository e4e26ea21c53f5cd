// One article. What the list knew of it is shown at once; the rest follows when it is loaded.

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Suspense, useEffect, useRef } from 'react'
import { ApiError } from '../../shared/api/client.ts'
import { Failure, LoadFailure } from '../../shared/failure.tsx'
import { Headline } from '../../shared/headline.tsx'
import { languageOf, textAttributes } from '../../shared/language.ts'
import { lazyScreen } from '../../shared/lazy-part.tsx'
import { type HistoryEntry, Link } from '../../shared/router.tsx'
import { hasScrollPosition, useScrollRestoration } from '../../shared/scroll-restoration.ts'
import { articleQuery } from '../api/queries.ts'
import { type ArticlePreview, COMMENTS_HASH } from '../article-link.tsx'
import { BackBar } from '../back-bar.tsx'
import { CornerButtons } from '../corner-buttons.tsx'
import { NotFound } from '../failures.tsx'
import { hintAtInstall } from '../offline/install.ts'
import { forgetIfGone, keepArticle } from '../offline/kept-articles.ts'
import { offlineWords } from '../offline/offline-words.ts'
import { ActionBar } from './action-bar.tsx'
import { ArticleText } from './article-text.tsx'
import { articleWords as words } from './article-words.ts'
import { Byline } from './byline.tsx'
import { NeighbourLinks } from './neighbours.tsx'
import { useReadingPosition } from './reading-position.ts'
import { RelatedArticles } from './related-articles.tsx'

const CommentList = lazyScreen(() => import('../comments/comment-list.tsx'), 'CommentList')

/** In characters; most have less than half. */
const LONG_TITLE = 90

export function ArticleScreen({ viewer, id, entry }: { viewer: string; id: string; entry: HistoryEntry<ArticlePreview> }) {
  const {
    data: article,
    error,
    refetch,
    isPlaceholderData,
    isPaused,
  } = useQuery({
    ...articleQuery(viewer, id, entry.state?.trace),
    // Of the device, until that of the reader who has just signed in is loaded.
    placeholderData: keepPreviousData,
  })
  const isLoaded = article !== undefined
  const isAway = !isLoaded && (isPaused || error !== null) && !navigator.onLine
  const page = `article ${entry.key}`
  useScrollRestoration(page, isLoaded)
  const title = article?.title ?? entry.state?.title ?? ''

  const heading = useRef<HTMLHeadingElement>(null)
  const text = useRef<HTMLDivElement>(null)
  const comments = useRef<HTMLElement>(null)
  useReadingPosition(id, page, text, isLoaded)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  useDocumentTitle(title)
  useEffect(() => {
    if (isLoaded) hintAtInstall()
  }, [isLoaded])
  useEffect(() => {
    if (article && !isPlaceholderData) void keepArticle(viewer, article, text.current).catch(() => {}) // the browser may forbid storage
  }, [viewer, article, isPlaceholderData])
  useEffect(() => forgetIfGone(id, error), [id, error])

  const showComments = () => {
    comments.current?.scrollIntoView({ block: 'start' })
    comments.current?.querySelector('h2')?.focus({ preventScroll: true })
  }
  useEffect(() => {
    if (isLoaded && location.hash === COMMENTS_HASH && !hasScrollPosition(page))
      comments.current?.scrollIntoView({ block: 'start', behavior: 'instant' })
  }, [isLoaded, page])

  return (
    <>
      <BackBar>
        <CornerButtons />
      </BackBar>
      <main>
        {error && !article && !isAway ? (
          <ArticleFailure error={error} retry={refetch} />
        ) : (
          <article className="story" aria-busy={!article}>
            <h1 ref={heading} tabIndex={-1} data-long={title.length > LONG_TITLE || undefined} {...textAttributes(title)}>
              {title || article ? <Headline text={title} /> : '\u00a0'}
            </h1>
            <Byline article={article} preview={entry.state} />
            {article && <ArticleText ref={text} html={article.content} language={languageOf(article.title)} />}
            {!article && (isAway ? <NotKept /> : <TextSkeleton />)}
          </article>
        )}
        <NeighbourLinks viewer={viewer} id={id} hidden={!article} />
        {article && (
          <>
            <section ref={comments} id={COMMENTS_HASH.slice(1)} className="comments" aria-labelledby="comments-heading">
              <h2 id="comments-heading" tabIndex={-1}>
                {words.showComments}
              </h2>
              <Suspense fallback={<p className="none">{words.loading}</p>}>
                <CommentList viewer={viewer} article={article} />
              </Suspense>
            </section>
            <RelatedArticles viewer={viewer} articles={article.recomments} />
          </>
        )}
      </main>
      {article && <ActionBar article={article} onShowComments={showComments} />}
    </>
  )
}

function ArticleFailure({ error, retry }: { error: Error; retry: () => unknown }) {
  const isGone = error instanceof ApiError && error.status === 404
  return isGone ? <NotFound title={words.articleGone} hint={words.articleGoneHint} /> : <LoadFailure retry={retry} />
}

/** Without a network, and not among the articles that are kept. It is loaded when the network is back. */
const NotKept = () => (
  <Failure title={words.notKept}>
    <Link className="button" href="/offline">
      {offlineWords.kept}
    </Link>
  </Failure>
)

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
