// The front page: masthead, channels, and the feed of one of them.

import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { notify } from '../../shared/notice.tsx'
import { today } from '../../shared/time.ts'
import { refreshFeed } from '../api/queries.ts'
import { Tools } from '../corner-buttons.tsx'
import { words } from '../words.ts'
import { Channels } from './channels.tsx'
import { Feed } from './feed.tsx'
import { PullToRefresh } from './pull-to-refresh.tsx'

export function FeedScreen({ who, channel }: { who: string; channel: number }) {
  const client = useQueryClient()
  const [refreshing, setRefreshing] = useState(false)

  const refresh = useCallback(async () => {
    setRefreshing(true)
    try {
      const news = await refreshFeed(client, who, channel)
      window.scrollTo({ top: 0, behavior: 'instant' })
      notify(news > 0 ? words.refreshed(news) : words.upToDate)
    } catch {
      notify(words.failed)
    } finally {
      setRefreshing(false)
    }
  }, [client, who, channel])

  return (
    <>
      <header className="masthead">
        <p className="date">{today()}</p>
        <h1>Broadsheet</h1>
        <Tools />
      </header>
      <Channels who={who} current={channel} refreshing={refreshing} onRefresh={refresh} />
      <PullToRefresh refreshing={refreshing} onRefresh={refresh} />
      <main>
        <Feed key={channel} who={who} channel={channel} refreshing={refreshing} />
      </main>
    </>
  )
}
