// What a viewer has turned off, each with a way back: mutes, articles that are of no interest, blocked people, disliked articles.

import { useInfiniteQuery } from '@tanstack/react-query'
import { EndlessList } from '../../shared/endless-list.tsx'
import { ListCard } from '../cards/list-card.tsx'
import { blockedQuery, cardListQuery } from './mine-queries.ts'
import { mineWords as words } from './mine-words.ts'
import { Mutes } from './mutes.tsx'
import { NotInterested } from './not-interested.tsx'
import { OwnScreen } from './own-screen.tsx'
import { PersonRow } from './person-row.tsx'
import { None, TakeBack } from './take-back.tsx'
import { useTakeBack } from './use-take-back.ts'

export function TurnedOffScreen({ viewer }: { viewer: string }) {
  return (
    <OwnScreen viewer={viewer} title={words.turnedOff} isForDevices>
      <Mutes viewer={viewer} />
      <NotInterested viewer={viewer} />
      {viewer !== 'device' && (
        <>
          <Blocked viewer={viewer} />
          <Disliked viewer={viewer} />
        </>
      )}
    </OwnScreen>
  )
}

function Blocked({ viewer }: { viewer: string }) {
  const query = useInfiniteQuery(blockedQuery(viewer))
  const takeBack = useTakeBack()
  const { queryKey } = blockedQuery(viewer)
  return (
    <section>
      <h2>{words.blocked}</h2>
      <EndlessList query={query} keyOf={person => person.id} label={words.blocked} empty={<None />}>
        {person => (
          <PersonRow person={person}>
            <TakeBack name={person.name} run={done => takeBack({ queryKey, id: person.id, list: 'user/blacklists', done })} />
          </PersonRow>
        )}
      </EndlessList>
    </section>
  )
}

function Disliked({ viewer }: { viewer: string }) {
  const query = useInfiniteQuery(cardListQuery(viewer, 'disliked'))
  const takeBack = useTakeBack()
  const { queryKey } = cardListQuery(viewer, 'disliked')
  return (
    <section>
      <h2>{words.disliked}</h2>
      <p className="hint">{words.dislikedHint}</p>
      <EndlessList query={query} keyOf={card => card.art_id} label={words.disliked} empty={<None />}>
        {card => (
          <ListCard card={card}>
            <TakeBack name={card.title} run={done => takeBack({ queryKey, id: card.art_id, list: 'article/dislikes', done })} />
          </ListCard>
        )}
      </EndlessList>
    </section>
  )
}
