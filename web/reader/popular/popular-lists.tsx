// The popular lists as a page: what was read most and what was discussed most in the last day.

import { useQuery } from '@tanstack/react-query'
import { LoadFailure } from '../../shared/failure.tsx'
import { useScrollRestoration } from '../../shared/scroll-restoration.ts'
import { RECOMMENDED } from '../api/channel-names.ts'
import { ListCard } from '../cards/list-card.tsx'
import { isHidden, useHidden } from '../feed/hidden.ts'
import { type PopularList, popularQuery } from './popular-queries.ts'
import { popularWords as words } from './popular-words.ts'

export function PopularLists({ viewer }: { viewer: string }) {
  const isLoaded = useQuery(popularQuery(viewer, 'hot')).data !== undefined
  useScrollRestoration(`popular ${viewer}`, isLoaded)
  return (
    <div className="popular">
      <RankedCards viewer={viewer} list="hot" />
      <RankedCards viewer={viewer} list="discussed" />
    </div>
  )
}

function RankedCards({ viewer, list }: { viewer: string; list: PopularList }) {
  const { data, isError, refetch } = useQuery(popularQuery(viewer, list))
  useHidden()
  const cards = data?.filter(card => !isHidden(card, RECOMMENDED))
  return (
    <section aria-labelledby={`popular-${list}`}>
      <h2 id={`popular-${list}`}>{words[list]}</h2>
      {isError && !data && <LoadFailure retry={refetch} />}
      {cards?.length === 0 && <p className="none">{words.nothingYet}</p>}
      <ol>
        {cards?.map(card => (
          <li key={card.art_id}>
            <ListCard card={card} />
          </li>
        ))}
      </ol>
    </section>
  )
}
