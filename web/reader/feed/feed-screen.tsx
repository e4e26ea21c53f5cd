// The front page: masthead, channels, and the feed of one channel.

import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { showNotice } from '../../shared/notice.tsx'
import { formatToday } from '../../shared/time.ts'
import { refreshFeed } from '../api/queries.ts'
import { CornerButtons } from '../corner-buttons.tsx'
import { forgetNewArticles } from '../inbox/live-updates.ts'
import { words } from '../words.ts'
import { Channels } from './channels.tsx'
import { Feed } from './feed.tsx'
import { NewArticles } from './new-articles.tsx'
import { PullToRefresh } from './pull-to-refresh.tsx'

export function FeedScreen({ viewer, channel }: { viewer: string; channel: number }) {
  const client = useQueryClient()
  const [refreshing, setRefreshing] = useState(false)

  const refresh = useCallback(async () => {
    setRefreshing(true)
    forgetNewArticles(channel)
    try {
      const added = await refreshFeed(client, viewer, channel)
      window.scrollTo({ top: 0, behavior: 'instant' })
      showNotice(added > 0 ? words.refreshed(added) : words.upToDate)
    } catch {
      showNotice(words.loadFailed)
    } finally {
      setRefreshing(false)
    }
  }, [client, viewer, channel])

  return (
    <>
      <header className="masthead">
        <p className="date">{formatToday()}</p>
        <h1>Broadsheet</h1>
        <CornerButtons />
      </header>
      <Channels viewer={viewer} current={channel} refreshing={refreshing} onRefresh={refresh} />
      <NewArticles channel={channel} onShow={refresh} />
      <PullToRefresh refreshing={refreshing} onRefresh={refresh} />
      <main>
        <Feed key={channel} viewer={viewer} channel={channel} refreshing={refreshing} />
      </main>
    </>
  )
}
