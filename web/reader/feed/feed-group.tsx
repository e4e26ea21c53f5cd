import { memo } from 'react'
import type { Channel } from '../api/types.ts'
import { FeedCard } from './card.tsx'
import { type CardGroup, isSameGroup } from './groups.ts'
import { useNearScreen } from './near-screen.ts'
import { placeOf } from './place.ts'

interface Props {
  group: CardGroup
  /** Where the feed has several, so that its cards say which is theirs. */
  channels: Channel[] | undefined
  startsNear: boolean
}

/** The headlines of a group that is far from the screen are one text, with a line for each: a search in the page finds them. */
export const FeedGroup = memo(
  ({ group: { key, firstPosition, cards }, channels, startsNear }: Props) => {
    const { ref, height } = useNearScreen(`${key} ${cards.length}`, cards.length, startsNear)
    if (height !== undefined)
      return (
        <div ref={ref} className="group" style={{ height }} data-far>
          <span style={{ lineHeight: `${height / cards.length}px` }}>{cards.map(({ card }) => card.title).join('\n')}</span>
        </div>
      )
    return (
      <div ref={ref} className="group">
        {cards.map(({ card, page }, i) => (
          <FeedCard
            key={card.art_id}
            card={card}
            page={page}
            place={placeOf(firstPosition - 1 + i)}
            position={firstPosition + i}
            channel={channels?.find(({ id }) => id === card.ch_id)?.name}
          />
        ))}
      </div>
    )
  },
  (a, b) => isSameGroup(a.group, b.group) && a.channels === b.channels,
)
