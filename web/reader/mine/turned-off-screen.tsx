// What a viewer has turned off, each with a way back: mutes, blocked people, disliked articles.

import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { EndlessList } from '../../shared/endless-list.tsx'
import { ListCard } from '../cards/list-card.tsx'
import { blockedQuery, cardListQuery } from './mine-queries.ts'
import { mineWords as words } from './mine-words.ts'
import { Mutes } from './mutes.tsx'
import { OwnScreen } from './own-screen.tsx'
import { PersonRow } from './person-row.tsx'
import { useTakeBack } from './use-take-back.ts'

export function TurnedOffScreen({ viewer }: { viewer: string }) {
  return (
    <OwnScreen viewer={viewer} title={words.turnedOff} isForDevices>
      <Mutes viewer={viewer} />
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
  const people = query.data?.pages.flatMap(page => page.results) ?? []
  return (
    <Section title={words.blocked} isEmpty={query.data !== undefined && people.length === 0}>
      <EndlessList items={people} keyOf={person => person.id} label={words.blocked} query={query}>
        {person => (
          <PersonRow person={person}>
            <TakeBack
              name={person.name}
              onClick={() =>
                takeBack({ queryKey: blockedQuery(viewer).queryKey, id: person.id, name: person.name, path: 'user/blacklists' })
              }
            />
          </PersonRow>
        )}
      </EndlessList>
    </Section>
  )
}

function Disliked({ viewer }: { viewer: string }) {
  const query = useInfiniteQuery(cardListQuery(viewer, 'disliked'))
  const takeBack = useTakeBack()
  const cards = query.data?.pages.flatMap(page => page.results) ?? []
  return (
    <Section title={words.disliked} isEmpty={query.data !== undefined && cards.length === 0}>
      <EndlessList items={cards} keyOf={card => card.art_id} label={words.disliked} query={query}>
        {card => (
          <ListCard card={card}>
            <TakeBack
              name={card.title}
              onClick={() =>
                takeBack({
                  queryKey: cardListQuery(viewer, 'disliked').queryKey,
                  id: card.art_id,
                  name: card.title,
                  path: 'article/dislikes',
                })
              }
            />
          </ListCard>
        )}
      </EndlessList>
    </Section>
  )
}

const Section = ({ title, isEmpty, children }: { title: string; isEmpty: boolean; children: ReactNode }) => (
  <section>
    <h2>{title}</h2>
    {isEmpty ? <p className="none">{words.none}</p> : children}
  </section>
)

const TakeBack = ({ name, onClick }: { name: string; onClick: () => void }) => (
  <button type="button" className="button small" aria-label={`${words.takeBack}: ${name}`} onClick={onClick}>
    {words.takeBack}
  </button>
)
