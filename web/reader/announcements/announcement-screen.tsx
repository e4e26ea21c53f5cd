import { useQuery } from '@tanstack/react-query'
import { ApiError } from '../../shared/api/client.ts'
import { LoadFailure } from '../../shared/failure.tsx'
import { languageOf, textAttributes } from '../../shared/language.ts'
import { formatTime } from '../../shared/time.ts'
import { announcementQuery } from '../api/queries.ts'
import { ArticleText } from '../article/article-text.tsx'
import { BackBar } from '../back-bar.tsx'
import { CornerButtons } from '../corner-buttons.tsx'
import { NotFound } from '../failures.tsx'
import { words } from '../words.ts'

export function AnnouncementScreen({ id }: { id: string }) {
  const { data: announcement, error, refetch } = useQuery(announcementQuery(id))
  const isGone = error instanceof ApiError && error.status === 400
  return (
    <>
      <BackBar>
        <CornerButtons />
      </BackBar>
      <main>
        {isGone && <NotFound title={words.noSuchAnnouncement} />}
        {error && !isGone && !announcement && <LoadFailure retry={refetch} />}
        <article className="story" aria-busy={!announcement && !error}>
          {announcement && (
            <>
              <h1 {...textAttributes(announcement.title)}>{announcement.title}</h1>
              <p className="facts">
                <time dateTime={announcement.pubdate}>{formatTime(announcement.pubdate)}</time>
              </p>
              <ArticleText html={announcement.content} language={languageOf(announcement.title)} />
            </>
          )}
        </article>
      </main>
    </>
  )
}
