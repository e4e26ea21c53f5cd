// Results, page by page, with filters above them.

import { useInfiniteQuery } from '@tanstack/react-query'
import { LoadFailure } from '../../shared/failure.tsx'
import { textAttributes } from '../../shared/language.ts'
import { Link } from '../../shared/router.tsx'
import { useEntryScrollRestoration } from '../../shared/scroll-restoration.ts'
import { nameChannel } from '../api/channel-names.ts'
import { Filters } from './filters.tsx'
import { ResultCard } from './result-card.tsx'
import { type Asked, resultsQuery } from './search-queries.ts'
import { searchWords as words } from './search-words.ts'

interface Props {
  viewer: string
  asked: Asked
  onAsk(next: Asked): void
}

export function Results({ viewer, asked, onAsk }: Props) {
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(resultsQuery(viewer, asked))
  useEntryScrollRestoration(data !== undefined)
  const first = data?.pages[0]
  const cards = data?.pages.flatMap(page => page.results) ?? []
  return (
    <>
      <Filters viewer={viewer} asked={asked} onAsk={onAsk} />
      {asked.aut_id && (
        <p className="beside">
          {words.onlyBy(cards[0]?.aut_name ?? '')}
          <button type="button" onClick={() => onAsk({ ...asked, aut_id: undefined })}>
            {words.anyAuthor}
          </button>
        </p>
      )}
      {/* Read out when it changes. */}
      <p className="found" role="status">
        {isPending && !error && words.loading}
        {first?.instead && words.instead(first.instead)}
        {first && words.found(first.total_count)}
      </p>
      {error && !first && <LoadFailure retry={refetch} />}
      {first && !asked.aut_id && first.channels.length + first.authors.length > 0 && (
        <p className="beside">
          {first.channels.map(nameChannel).map(channel => (
            <Link key={`c${channel.id}`} href={`/c/${channel.id}`} {...textAttributes(channel.name)}>
              {channel.name}
            </Link>
          ))}
          {first.authors.map(author => (
            <button
              key={author.aut_id}
              type="button"
              aria-label={words.onlyBy(author.aut_name)}
              {...textAttributes(author.aut_name)}
              onClick={() => onAsk({ ...asked, aut_id: author.aut_id })}
            >
              {author.aut_name}
            </button>
          ))}
        </p>
      )}
      {cards.length > 0 && (
        <div role="feed" aria-busy={isFetchingNextPage} aria-label={words.results}>
          {cards.map((card, i) => (
            <ResultCard key={card.art_id} card={card} position={i + 1} total={first?.total_count ?? -1} />
          ))}
        </div>
      )}
      {hasNextPage && (
        <button type="button" className="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {isFetchingNextPage ? words.loading : words.more}
        </button>
      )}
    </>
  )
}
