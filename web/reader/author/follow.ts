// Following, as every screen that shows an author does it.

import { type InfiniteData, type QueryClient, useQueryClient } from '@tanstack/react-query'
import { asReader, currentViewer } from '../../shared/api/session.ts'
import { changeOptimistically } from '../../shared/optimistic.ts'
import { setTarget } from '../api/targets.ts'
import type { Article, PublicProfile } from '../api/types.ts'
import { words } from '../words.ts'

/** Of a list of people; other lists have no row with the id of an author. */
type PeoplePages = InfiniteData<{ results: { id?: string }[] }>

/** Changes what the loaded screens say of an author. Returns what takes it back. */
function showFollowing(client: QueryClient, id: string, isFollowed: boolean): () => void {
  const viewer = currentViewer()
  client.setQueriesData<Article>({ queryKey: ['article', viewer] }, article =>
    article?.aut_id === id ? { ...article, is_followed: isFollowed } : article,
  )
  const fans = isFollowed ? 1 : -1
  client.setQueriesData<PublicProfile>({ queryKey: ['author', viewer, id] }, author =>
    author && author.is_following !== isFollowed
      ? { ...author, is_following: isFollowed, fans_count: Math.max(0, author.fans_count + fans) }
      : author,
  )
  client.setQueriesData<PeoplePages>(
    { queryKey: ['mine', viewer] },
    list =>
      list && {
        ...list,
        pages: list.pages.map(page => ({
          ...page,
          results: page.results.map(person => (person.id === id ? { ...person, is_followed: isFollowed } : person)),
        })),
      },
  )
  return () => void showFollowing(client, id, !isFollowed)
}

export function useFollow() {
  const client = useQueryClient()
  return (id: string, isFollowed: boolean) =>
    asReader(async () => {
      const holds = await changeOptimistically({
        show: () => showFollowing(client, id, isFollowed),
        send: () => setTarget('user/followings', id, isFollowed),
        explain: () => words.cannotFollow,
      })
      if (holds) void client.invalidateQueries({ queryKey: ['self'] })
    })
}
