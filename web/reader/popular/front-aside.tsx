// The column beside the feed on a desktop: what is popular, and the authors a reader follows.

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '../../shared/router.tsx'
import { AuthorLink } from '../author/author-link.tsx'
import { peopleQuery } from '../mine/mine-queries.ts'
import { words } from '../words.ts'
import { popularQuery } from './popular-queries.ts'
import { popularWords } from './popular-words.ts'
import { RankedTitles } from './ranked-titles.tsx'

const TITLES = 6
const AUTHORS_MAX = 8

export function FrontAside({ viewer }: { viewer: string }) {
  const lists = [
    useQuery(popularQuery(viewer, 'hot')),
    useQuery(popularQuery(viewer, 'discussed')),
    useInfiniteQuery(peopleQuery(viewer, 'followings')),
  ]
  // All at once, so that none moves another.
  if (lists.some(list => list.isLoading)) return null
  return (
    <>
      <RankedTitles viewer={viewer} list="hot" count={TITLES} />
      <FollowedAuthors viewer={viewer} />
      <RankedTitles viewer={viewer} list="discussed" count={TITLES} />
      <p>
        <Link href="/popular">{words.allPopular}</Link>
      </p>
      <p>
        {popularWords.shortcuts.map(([key, action]) => (
          <span key={key}>
            <kbd>{key}</kbd> {action}
          </span>
        ))}
      </p>
    </>
  )
}

function FollowedAuthors({ viewer }: { viewer: string }) {
  const { data } = useInfiniteQuery(peopleQuery(viewer, 'followings'))
  const authors = data?.pages[0]?.results.slice(0, AUTHORS_MAX) ?? []
  if (authors.length === 0) return null
  return (
    <section aria-labelledby="aside-followed">
      <h2 id="aside-followed">{popularWords.followed}</h2>
      <ul className="faces">
        {authors.map(({ id, name, photo }) => (
          <li key={id}>
            <img src={photo} alt="" width="36" height="36" loading="lazy" />
            <AuthorLink id={id} name={name} />
          </li>
        ))}
      </ul>
    </section>
  )
}
