import { useInfiniteQuery } from '@tanstack/react-query'
import { LoadFailure } from '../../shared/failure.tsx'
import { textAttributes } from '../../shared/language.ts'
import { Link } from '../../shared/router.tsx'
import { formatTime } from '../../shared/time.ts'
import { announcementsQuery } from '../api/queries.ts'
import { BackBar } from '../back-bar.tsx'
import { CornerButtons } from '../corner-buttons.tsx'
import { words } from '../words.ts'

export function AnnouncementList() {
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(announcementsQuery)
  const announcements = data?.pages.flatMap(page => page.results)
  return (
    <>
      <BackBar>
        <CornerButtons />
      </BackBar>
      <main className="announcements" aria-busy={!data}>
        <h1>{words.announcements}</h1>
        {error && !data && <LoadFailure retry={refetch} />}
        {announcements?.length === 0 && <p>{words.noAnnouncements}</p>}
        <ul>
          {announcements?.map(({ id, title, pubdate }) => (
            <li key={id}>
              <Link href={`/announcements/${id}`}>
                <span {...textAttributes(title)}>{title}</span>
                <time dateTime={pubdate}>{formatTime(pubdate)}</time>
              </Link>
            </li>
          ))}
        </ul>
        {hasNextPage && (
          <button type="button" className="button" onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>
            {words.older}
          </button>
        )}
      </main>
    </>
  )
}
