// The authors a reader follows, or the readers who follow them.

import { useInfiniteQuery } from '@tanstack/react-query'
import { EndlessList } from '../../shared/endless-list.tsx'
import { Failure } from '../../shared/failure.tsx'
import { formatCount } from '../../shared/time.ts'
import { FollowButton } from '../author/follow-button.tsx'
import { type PeopleListName, peopleQuery } from './mine-queries.ts'
import { mineWords as words } from './mine-words.ts'
import { OwnScreen } from './own-screen.tsx'
import { PersonRow } from './person-row.tsx'

export function PeopleScreen({ viewer, name }: { viewer: string; name: PeopleListName }) {
  const query = useInfiniteQuery(peopleQuery(viewer, name))
  return (
    <OwnScreen viewer={viewer} title={words[name]} ready={query.data !== undefined}>
      <EndlessList query={query} keyOf={person => person.id} label={words[name]} empty={<Failure title={words.empty[name]} />}>
        {person => (
          <PersonRow
            person={person}
            about={`${words.fansOf(formatCount(person.fans_count))}${person.mutual_follow ? ` · ${words.mutual}` : ''}`}
          >
            <FollowButton
              id={person.id}
              name={person.name}
              isFollowed={person.is_followed ?? (name === 'followings' || person.mutual_follow)}
            />
          </PersonRow>
        )}
      </EndlessList>
    </OwnScreen>
  )
}
