import { Suspense, useEffect, useState } from 'react'
import { Route, Switch, useLocation } from 'wouter'
import { useViewer } from '../shared/api/session.ts'
import { ConnectionNotice } from '../shared/connection-notice.tsx'
import { lazyScreen, lazySheet } from '../shared/lazy-part.tsx'
import { Notice } from '../shared/notice.tsx'
import { AppRouter, Link, useHistoryEntry } from '../shared/router.tsx'
import { useShortcuts } from '../shared/shortcuts.ts'
import { SignInDialog } from './account/sign-in-dialog.tsx'
import type { ArticlePreview } from './article-link.tsx'
import { BackBar } from './back-bar.tsx'
import { CornerButtons } from './corner-buttons.tsx'
import { NotFound } from './failures.tsx'
import { FEED_PATH } from './feed/feed-path.ts'
import { FeedScreen } from './feed/feed-screen.tsx'
import { useLiveUpdates } from './inbox/live-updates.ts'
import { canKeep, startServiceWorker } from './offline/kept-articles.ts'
import { offlineWords } from './offline/offline-words.ts'
import { ReportDialog } from './report/report-dialog.tsx'
import { words } from './words.ts'

const SEARCH_PATH = /^\/search\/?$/
const INBOX_PATH = /^\/inbox\/?$/
const PHOTO_PATH = /^\/account\/photo\/?$/
const PROFILE_PATH = /^\/account\/profile\/?$/
const SECURITY_PATH = /^\/account\/security\/?$/
const ANNOUNCEMENTS_PATH = /^\/announcements\/?$/
const ANNOUNCEMENT_PATH = /^\/announcements\/(?<id>\d{1,19})\/?$/
const AUTHOR_PATH = /^\/author\/(?<id>\d{1,19})\/?$/
const MINE_PATH = /^\/mine\/?$/
const CARDS_PATH = /^\/mine\/(?<name>history|collections|articles)\/?$/
const PEOPLE_PATH = /^\/mine\/(?<name>followings|followers)\/?$/
const TURNED_OFF_PATH = /^\/mine\/turned-off\/?$/
const INTERESTS_PATH = /^\/mine\/interests\/?$/
const CHATS_PATH = /^\/chats\/?$/
const CHAT_PATH = /^\/chats\/(?<reader>\d{1,19})\/?$/
const OFFLINE_PATH = /^\/offline\/?$/
const ASSISTANT_PATH = /^\/assistant\/?$/
const CHANNELS_PATH = /^\/channels\/?$/
// For those who build screens.
const GALLERY_PATH = /^\/components\/?$/
const ARTICLE_PATH = /^\/article\/(?<id>\d{1,19})\/?$/

// Only the feed is in the first script.
const importArticle = () => import('./article/article-screen.tsx')
const ArticleScreen = lazyScreen(importArticle, 'ArticleScreen')
const AnnouncementList = lazyScreen(() => import('./announcements/announcement-list.tsx'), 'AnnouncementList')
const AnnouncementScreen = lazyScreen(() => import('./announcements/announcement-screen.tsx'), 'AnnouncementScreen')
const AssistantScreen = lazyScreen(() => import('./chat/assistant-screen.tsx'), 'AssistantScreen')
const AuthorScreen = lazyScreen(() => import('./author/author-screen.tsx'), 'AuthorScreen')
const CardListScreen = lazyScreen(() => import('./mine/card-list-screen.tsx'), 'CardListScreen')
const ChannelsScreen = lazyScreen(() => import('./channels/channels-screen.tsx'), 'ChannelsScreen')
const ChatScreen = lazyScreen(() => import('./chat/chat-screen.tsx'), 'ChatScreen')
const ChatsScreen = lazyScreen(() => import('./chat/chats-screen.tsx'), 'ChatsScreen')
const Gallery = lazyScreen(() => import('../shared/gallery/gallery.tsx'), 'Gallery')
const InboxScreen = lazyScreen(() => import('./inbox/inbox-screen.tsx'), 'InboxScreen')
const InterestsScreen = lazyScreen(() => import('./interests/interests-screen.tsx'), 'InterestsScreen')
const MineScreen = lazyScreen(() => import('./mine/mine-screen.tsx'), 'MineScreen')
const OfflineScreen = lazyScreen(() => import('./offline/offline-screen.tsx'), 'OfflineScreen')
const PeopleScreen = lazyScreen(() => import('./mine/people-screen.tsx'), 'PeopleScreen')
const PhotoScreen = lazyScreen(() => import('./photo/photo-screen.tsx'), 'PhotoScreen')
const ProfileScreen = lazyScreen(() => import('./account/profile-screen.tsx'), 'ProfileScreen')
const SearchScreen = lazyScreen(() => import('./search/search-screen.tsx'), 'SearchScreen')
const SecurityScreen = lazyScreen(() => import('./account/security-screen.tsx'), 'SecurityScreen')
const ShortcutsSheet = lazySheet(() => import('./shortcuts-sheet.tsx'), 'ShortcutsSheet')
const TurnedOffScreen = lazyScreen(() => import('./mine/turned-off-screen.tsx'), 'TurnedOffScreen')

/** When the first page has been shown: opening an article then waits for the article only. */
const PREFETCH_AFTER_MS = 2_000

export function App() {
  const viewer = useViewer()
  const entry = useHistoryEntry<ArticlePreview>()
  useLiveUpdates(viewer)
  useEffect(() => {
    // Without a service worker there is nothing to forget, and on the first visit the front page is loaded first.
    if (viewer === 'device' && navigator.serviceWorker?.controller)
      void import('./inbox/web-push.ts').then(({ forgetPush }) => forgetPush()).catch(() => {})
  }, [viewer])
  useEffect(() => {
    const timer = setTimeout(() => {
      void importArticle().catch(() => {})
      // Who has signed in comes again, and their chats are to be read without a network. Others keep the app with their first article.
      if (viewer !== 'device' && canKeep()) void startServiceWorker().catch(() => {})
    }, PREFETCH_AFTER_MS)
    return () => clearTimeout(timer)
  }, [viewer])
  return (
    <AppRouter>
      <ConnectionNotice>
        <Link href="/offline">{offlineWords.kept}</Link>
      </ConnectionNotice>
      <Shortcuts />
      <Suspense>
        <Switch>
          {/* One route, so that the feed screen stays when the channel changes. */}
          <Route path={FEED_PATH}>
            {({ channel = '0', popular }) => <FeedScreen key={viewer} viewer={viewer} channel={popular ? 'popular' : Number(channel)} />}
          </Route>
          <Route path={SEARCH_PATH}>{() => <SearchScreen viewer={viewer} />}</Route>
          <Route path={INBOX_PATH}>{() => <InboxScreen key={viewer} viewer={viewer} />}</Route>
          <Route path={PHOTO_PATH}>{() => <PhotoScreen viewer={viewer} />}</Route>
          <Route path={PROFILE_PATH}>{() => <ProfileScreen viewer={viewer} />}</Route>
          <Route path={SECURITY_PATH}>{() => <SecurityScreen key={viewer} viewer={viewer} />}</Route>
          <Route path={MINE_PATH}>{() => <MineScreen viewer={viewer} />}</Route>
          <Route path={CARDS_PATH}>
            {({ name }) => <CardListScreen key={`${viewer} ${name}`} viewer={viewer} name={name as 'history'} />}
          </Route>
          <Route path={PEOPLE_PATH}>{({ name }) => <PeopleScreen key={name} viewer={viewer} name={name as 'followers'} />}</Route>
          <Route path={TURNED_OFF_PATH}>{() => <TurnedOffScreen viewer={viewer} />}</Route>
          <Route path={INTERESTS_PATH}>{() => <InterestsScreen viewer={viewer} />}</Route>
          <Route path={CHATS_PATH}>{() => <ChatsScreen key={viewer} viewer={viewer} />}</Route>
          <Route path={CHAT_PATH}>{({ reader = '' }) => <ChatScreen key={`${viewer} ${reader}`} viewer={viewer} reader={reader} />}</Route>
          <Route path={OFFLINE_PATH}>{() => <OfflineScreen viewer={viewer} />}</Route>
          <Route path={ASSISTANT_PATH}>{() => <AssistantScreen key={viewer} viewer={viewer} />}</Route>
          <Route path={CHANNELS_PATH}>{() => <ChannelsScreen viewer={viewer} />}</Route>
          <Route path={AUTHOR_PATH}>{({ id = '' }) => <AuthorScreen key={id} viewer={viewer} id={id} entryKey={entry.key} />}</Route>
          <Route path={GALLERY_PATH}>{() => <Gallery />}</Route>
          <Route path={ANNOUNCEMENTS_PATH}>{() => <AnnouncementList />}</Route>
          <Route path={ANNOUNCEMENT_PATH}>{({ id = '' }) => <AnnouncementScreen id={id} />}</Route>
          <Route path={ARTICLE_PATH}>{({ id = '' }) => <ArticleScreen key={entry.key} viewer={viewer} id={id} entry={entry} />}</Route>
          <Route>
            <BackBar>
              <CornerButtons />
            </BackBar>
            <main>
              <NotFound title={words.noSuchPage} />
            </main>
          </Route>
        </Switch>
      </Suspense>
      <SignInDialog />
      <ReportDialog />
      <Notice />
    </AppRouter>
  )
}

function Shortcuts() {
  const [isHelpOpen, setHelpOpen] = useState(false)
  const [, navigate] = useLocation()
  useShortcuts({
    '/': () => {
      const box = document.querySelector<HTMLElement>('.search-box input')
      if (box) box.focus()
      else navigate('/search')
    },
    '?': () => setHelpOpen(true),
  })
  if (!isHelpOpen) return null
  return (
    <Suspense>
      <ShortcutsSheet onClose={() => setHelpOpen(false)} />
    </Suspense>
  )
}
