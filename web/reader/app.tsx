import { lazy, Suspense, useEffect } from 'react'
import { Route, Switch } from 'wouter'
import { useViewer } from '../shared/api/session.ts'
import { Notice } from '../shared/notice.tsx'
import { OfflineNotice } from '../shared/offline-notice.tsx'
import { AppRouter, useHistoryEntry } from '../shared/router.tsx'
import { SignInDialog } from './account/sign-in-dialog.tsx'
import { AnnouncementList } from './announcements/announcement-list.tsx'
import { AnnouncementScreen } from './announcements/announcement-screen.tsx'
import { ArticleScreen } from './article/article-screen.tsx'
import type { ArticlePreview } from './article-link.tsx'
import { NotFound } from './failures.tsx'
import { FeedScreen } from './feed/feed-screen.tsx'
import { useLiveUpdates } from './inbox/live-updates.ts'
import { SearchScreen } from './search/search-screen.tsx'
import { words } from './words.ts'

// One route for the front page and the channels, so that the feed screen stays when the channel changes.
const FEED_PATH = /^\/(?:c\/(?<channel>\d{1,19})\/?)?$/
const SEARCH_PATH = /^\/search\/?$/
const INBOX_PATH = /^\/inbox\/?$/
const PHOTO_PATH = /^\/account\/photo\/?$/
const SECURITY_PATH = /^\/account\/security\/?$/
const ANNOUNCEMENTS_PATH = /^\/announcements\/?$/
const ANNOUNCEMENT_PATH = /^\/announcements\/(?<id>\d{1,19})\/?$/
const ARTICLE_PATH = /^\/article\/(?<id>\d{1,19})\/?$/

// Only signed-in readers need these, so they are not in the first script.
const InboxScreen = lazy(() => import('./inbox/inbox-screen.tsx').then(({ InboxScreen }) => ({ default: InboxScreen })))
const PhotoScreen = lazy(() => import('./photo/photo-screen.tsx').then(({ PhotoScreen }) => ({ default: PhotoScreen })))
const SecurityScreen = lazy(() => import('./account/security-screen.tsx').then(({ SecurityScreen }) => ({ default: SecurityScreen })))

export function App() {
  const viewer = useViewer()
  const entry = useHistoryEntry<ArticlePreview>()
  useLiveUpdates(viewer)
  useEffect(() => {
    if (viewer === 'device') void import('./inbox/web-push.ts').then(({ forgetPush }) => forgetPush()).catch(() => {})
  }, [viewer])
  return (
    <AppRouter>
      <OfflineNotice />
      <Suspense>
        <Switch>
          <Route path={FEED_PATH}>{({ channel = '0' }) => <FeedScreen key={viewer} viewer={viewer} channel={Number(channel)} />}</Route>
          <Route path={SEARCH_PATH}>{() => <SearchScreen viewer={viewer} />}</Route>
          <Route path={INBOX_PATH}>{() => <InboxScreen key={viewer} viewer={viewer} />}</Route>
          <Route path={PHOTO_PATH}>{() => <PhotoScreen viewer={viewer} />}</Route>
          <Route path={SECURITY_PATH}>{() => <SecurityScreen key={viewer} viewer={viewer} />}</Route>
          <Route path={ANNOUNCEMENTS_PATH}>{() => <AnnouncementList />}</Route>
          <Route path={ANNOUNCEMENT_PATH}>{({ id = '' }) => <AnnouncementScreen id={id} />}</Route>
          <Route path={ARTICLE_PATH}>{({ id = '' }) => <ArticleScreen key={entry.key} viewer={viewer} id={id} entry={entry} />}</Route>
          <Route>
            <main>
              <NotFound title={words.noSuchPage} />
            </main>
          </Route>
        </Switch>
      </Suspense>
      <SignInDialog />
      <Notice />
    </AppRouter>
  )
}
