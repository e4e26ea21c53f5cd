// An author's page: who they are, and what they wrote.

import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { ApiError } from '../../shared/api/client.ts'
import { EndlessList } from '../../shared/endless-list.tsx'
import { LoadFailure } from '../../shared/failure.tsx'
import { textAttributes } from '../../shared/language.ts'
import { Menu, type MenuItem } from '../../shared/menu.tsx'
import { changeOptimistically, patchLoaded } from '../../shared/optimistic.ts'
import { Link } from '../../shared/router.tsx'
import { useScrollRestoration } from '../../shared/scroll-restoration.ts'
import { formatCount } from '../../shared/time.ts'
import { setTarget } from '../api/targets.ts'
import type { PublicProfile } from '../api/types.ts'
import { BackBar } from '../back-bar.tsx'
import { ListCard } from '../cards/list-card.tsx'
import { CornerButtons } from '../corner-buttons.tsx'
import { NotFound } from '../failures.tsx'
import { showAgain } from '../feed/hidden.ts'
import { blockAuthor, muteAuthor } from '../feed/turn-off.ts'
import { authorArticlesQuery, authorQuery } from '../mine/mine-queries.ts'
import { mineWords as words } from '../mine/mine-words.ts'
import { FollowButton } from './follow-button.tsx'

interface Props {
  viewer: string
  id: string
  entryKey: string
}

export function AuthorScreen({ viewer, id, entryKey }: Props) {
  const { data: author, error, refetch } = useQuery(authorQuery(viewer, id))
  const articles = useInfiniteQuery(authorArticlesQuery(viewer, id))
  useScrollRestoration(`author ${entryKey}`, author !== undefined && articles.data !== undefined)
  const isGone = error instanceof ApiError && error.status === 400
  return (
    <>
      <BackBar>
        <CornerButtons />
      </BackBar>
      <main className="own-screen">
        {author && <AuthorHead viewer={viewer} author={author} />}
        {error && !author && (isGone ? <NotFound title={words.authorGone} /> : <LoadFailure retry={refetch} />)}
        {author && (
          <section>
            <h2>{words.articlesBy}</h2>
            <EndlessList
              query={articles}
              keyOf={card => card.art_id}
              label={words.articlesBy}
              empty={<p className="none">{words.noArticles}</p>}
            >
              {card => <ListCard card={card} />}
            </EndlessList>
          </section>
        )}
      </main>
    </>
  )
}

function AuthorHead({ viewer, author }: { viewer: string; author: PublicProfile }) {
  const client = useQueryClient()
  const { id, name, intro, certi, is_following, is_blacklist } = author
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])

  const { queryKey } = authorQuery(viewer, id)
  const unblock = () =>
    void changeOptimistically({
      show: () => {
        const setBlocked = (isBlocked: boolean) => (loaded: PublicProfile) => ({ ...loaded, is_blacklist: isBlocked })
        const putBack = patchLoaded<PublicProfile>(client, queryKey, setBlocked(false), setBlocked(true))
        const hideAgain = showAgain('authors', id)
        return () => {
          putBack()
          hideAgain()
        }
      },
      send: () => setTarget('user/blacklists', id, false),
    })
  const block = () => blockAuthor(id, name, () => void client.invalidateQueries({ queryKey }))
  const items = (): MenuItem[] => [
    { label: words.muteAuthor(name), hint: words.muteHint, icon: 'mute', run: () => void muteAuthor(id, name) },
    is_blacklist
      ? { label: words.unblock, icon: 'block', run: unblock }
      : { label: words.blockAuthor(name), hint: words.blockHint, icon: 'block', run: block },
  ]
  return (
    <>
      <div className="profile">
        <img src={author.photo} alt="" width="64" height="64" />
        <div>
          <h1 ref={heading} tabIndex={-1} className="name" {...textAttributes(name)}>
            {name}
          </h1>
          {certi && (
            <p className="facts">
              {words.certified} · {certi}
            </p>
          )}
          {intro && <p {...textAttributes(intro)}>{intro}</p>}
          <p className="figures">
            <span>
              {words.articles} <b>{formatCount(author.art_count)}</b>
            </span>
            <span>
              {words.followers} <b>{formatCount(author.fans_count)}</b>
            </span>
            <span>
              {words.likesReceived} <b>{formatCount(author.like_count)}</b>
            </span>
          </p>
        </div>
        {viewer !== id && (
          <div className="profile-actions">
            {!is_blacklist && (
              <Link className="button small" href={`/chats/${id}`} aria-label={`${words.writeMessage} ${name}`}>
                {words.writeMessage}
              </Link>
            )}
            {!is_blacklist && <FollowButton id={id} name={name} isFollowed={is_following} />}
            <Menu icon="more" label={`${words.moreActions} ${name}`} items={items} />
          </div>
        )}
      </div>
      {is_blacklist && (
        <p className="none">
          {words.blockedNote}{' '}
          <button type="button" className="button small" onClick={unblock}>
            {words.unblock}
          </button>
        </p>
      )}
    </>
  )
}
