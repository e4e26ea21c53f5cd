// One article. What the list knew of it (title, author) is there at once; its text follows.

import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { ApiError } from '../../shared/api/client.ts'
import { Failure } from '../../shared/failure.tsx'
import { Headline } from '../../shared/headline.tsx'
import { Icon } from '../../shared/icons.tsx'
import { type Entry, goBack } from '../../shared/router.tsx'
import { usePlace } from '../../shared/scroll-restoration.ts'
import { count, fullTime, languageOf } from '../../shared/time.ts'
import { articleOf } from '../api/queries.ts'
import { Link } from '../article-link.tsx'
import { Tools } from '../corner-buttons.tsx'
import { words } from '../words.ts'
import { Text } from './article-text.tsx'
import { Recomments } from './related-articles.tsx'

export function ArticleScreen({ who, id, entry }: { who: string; id: string; entry: Entry }) {
  const { data, error, refetch } = useQuery(articleOf(who, id, entry.from?.trace))
  usePlace(`article ${entry.key}`, data !== undefined)
  const known = data ?? entry.from

  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  useEffect(() => {
    if (!known?.title) return
    document.title = `${known.title} · Broadsheet`
    return () => {
      document.title = 'Broadsheet'
    }
  }, [known?.title])

  return (
    <>
      <header className="bar">
        <button type="button" className="round" onClick={goBack} aria-label={words.back} title={words.back}>
          <Icon name="back" size={24} />
        </button>
        <Link className="wordmark" to={{ name: 'feed', channel: 0 }}>
          Broadsheet
        </Link>
        <Tools />
      </header>
      <main>
        {error && !data ? (
          <Missing error={error} retry={() => void refetch()} />
        ) : (
          <article className="story" aria-busy={!data}>
            <h1 ref={heading} tabIndex={-1} lang={languageOf(known?.title ?? '')}>
              <Headline text={known?.title ?? ''} />
            </h1>
            <div className="byline">
              {data ? <img src={data.aut_photo} alt="" width="40" height="40" /> : <span className="photo" />}
              <p>
                <span className="author">{known?.aut_name}</span>
                <span className="facts">
                  {known?.pubdate && <time dateTime={known.pubdate}>{fullTime(known.pubdate)}</time>}
                  {data && <span>{words.reads(count(data.read_count))}</span>}
                  {data && data.like_count > 0 && <span>{words.likes(count(data.like_count))}</span>}
                </span>
              </p>
            </div>
            {data ? <Text html={data.content} language={languageOf(data.title)} /> : <Lines />}
            {data && <Recomments list={data.recomments} />}
          </article>
        )}
      </main>
    </>
  )
}

function Missing({ error, retry }: { error: Error; retry: () => void }) {
  const gone = error instanceof ApiError && error.status === 404
  return (
    <Failure title={gone ? words.gone : words.failed} hint={gone ? words.goneHint : words.failedHint}>
      {gone ? (
        <Link className="button" to={{ name: 'feed', channel: 0 }} replace>
          {words.home}
        </Link>
      ) : (
        <button type="button" className="button" onClick={retry}>
          {words.retry}
        </button>
      )}
    </Failure>
  )
}

const Lines = () => (
  <div className="text lines" aria-hidden="true">
    {Array.from({ length: 9 }, (_, i) => (
      // biome-ignore lint: they are all alike and never move
      <i key={i} />
    ))}
  </div>
)
