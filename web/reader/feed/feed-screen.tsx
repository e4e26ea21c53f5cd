// The front page: masthead, channels, and the feed of one channel or the popular lists. On a desktop a column beside it.

import { useQueryClient } from '@tanstack/react-query'
import { Suspense, useCallback, useDeferredValue, useLayoutEffect, useRef, useState } from 'react'
import { lazyScreen } from '../../shared/lazy-part.tsx'
import { useMedia } from '../../shared/media.ts'
import { showNotice } from '../../shared/notice.tsx'
import { RECOMMENDED } from '../api/channel-names.ts'
import { refreshFeed } from '../api/queries.ts'
import { forgetNewArticles } from '../inbox/live-updates.ts'
import { useWelcome } from '../interests/welcome-state.ts'
import { words } from '../words.ts'
import { Feed } from './feed.tsx'
import { FrontHead } from './front-head.tsx'
import { NewArticles } from './new-articles.tsx'
import { PullToRefresh } from './pull-to-refresh.tsx'
import { DESKTOP } from './screen-sizes.ts'

const FrontAside = lazyScreen(() => import('../popular/front-aside.tsx'), 'FrontAside')
const PickedNote = lazyScreen(() => import('../interests/picked-note.tsx'), 'PickedNote')
const Welcome = lazyScreen(() => import('../interests/welcome.tsx'), 'Welcome')
const PopularLists = lazyScreen(() => import('../popular/popular-lists.tsx'), 'PopularLists')

export function FeedScreen({ viewer, channel }: { viewer: string; channel: number | 'popular' }) {
  const client = useQueryClient()
  const [busy, setBusy] = useState<number | 'popular'>()
  const refreshing = busy === channel
  const isDesktop = useMedia(DESKTOP)
  const welcome = useWelcome(viewer)
  // The strip says at once which channel was chosen; its feed is rendered in pieces.
  const shown = useDeferredValue(channel)

  /** What its reader sees when a refresh is answered, which may be late. Undefined: another screen. */
  const here = useRef<number | 'popular'>(undefined)
  useLayoutEffect(() => {
    here.current = channel
    return () => {
      here.current = undefined
    }
  }, [channel])

  const refresh = useCallback(async () => {
    setBusy(channel)
    try {
      if (channel === 'popular') await client.invalidateQueries({ queryKey: ['popular', viewer] })
      else {
        forgetNewArticles(channel)
        const added = await refreshFeed(client, viewer, channel)
        if (here.current !== channel) return
        window.scrollTo({ top: 0, behavior: 'instant' })
        showNotice(added > 0 ? words.refreshed(added) : words.upToDate)
      }
    } catch {
      if (here.current === channel) showNotice(words.loadFailed)
    } finally {
      setBusy(now => (now === channel ? undefined : now))
    }
  }, [client, viewer, channel])

  return (
    <>
      <FrontHead viewer={viewer} current={channel} refreshing={refreshing} onRefresh={refresh} />
      <PullToRefresh refreshing={refreshing} onRefresh={refresh} />
      {shown === 'popular' ? (
        <main>
          <Suspense>
            <PopularLists viewer={viewer} />
          </Suspense>
        </main>
      ) : (
        <div className="front">
          <NewArticles channel={shown} onShow={refresh} />
          <main>
            {shown === RECOMMENDED && welcome === 'ask' && (
              <section className="welcome">
                <Suspense>
                  <Welcome viewer={viewer} channel={shown} />
                </Suspense>
              </section>
            )}
            {shown === RECOMMENDED && typeof welcome === 'object' && (
              <Suspense>
                <PickedNote picked={welcome} />
              </Suspense>
            )}
            <Feed key={shown} viewer={viewer} channel={shown} refreshing={refreshing} />
          </main>
          {isDesktop && (
            <aside aria-label={words.popular}>
              <Suspense>
                <FrontAside viewer={viewer} />
              </Suspense>
            </aside>
          )}
        </div>
      )}
    </>
  )
}
