import { Loader } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { Route, Switch } from 'wouter'
import { useViewer } from '../shared/api/session.ts'
import { ConnectionNotice } from '../shared/connection-notice.tsx'
import { Failure } from '../shared/failure.tsx'
import { Notice } from '../shared/notice.tsx'
import { AppRouter, useHistoryEntry } from '../shared/router.tsx'
import { ArticleList } from './articles/article-list.tsx'
import { Shell } from './shell/shell.tsx'
import { SignInScreen } from './shell/sign-in-screen.tsx'
import { words } from './words.ts'

const EditorScreen = lazy(() => import('./editor/editor-screen.tsx').then(module => ({ default: module.EditorScreen })))
const CommentsScreen = lazy(() => import('./comments/comments-screen.tsx').then(module => ({ default: module.CommentsScreen })))
const FollowersScreen = lazy(() => import('./followers/followers-screen.tsx').then(module => ({ default: module.FollowersScreen })))
const StatisticsScreen = lazy(() => import('./statistics/statistics-screen.tsx').then(module => ({ default: module.StatisticsScreen })))
const MaterialsScreen = lazy(() => import('./materials/materials-screen.tsx').then(module => ({ default: module.MaterialsScreen })))

/** One route for new and stored articles, so that the editor stays when a new article gets its id. */
const EDITOR_PATH = /^\/write(?:\/(?<id>\d{1,19}))?\/?$/
const COMMENTS_PATH = /^\/comments\/(?<id>\d{1,19})\/?$/
const STATISTICS_PATH = /^\/statistics(?:\/(?<id>\d{1,19}))?\/?$/

export function App() {
  const viewer = useViewer()
  const entry = useHistoryEntry()
  return (
    <AppRouter base="/studio">
      <ConnectionNotice />
      {viewer === 'device' ? (
        <SignInScreen />
      ) : (
        <Shell key={viewer} viewer={viewer}>
          <Suspense fallback={<Loader role="status" className="loading" aria-label={words.loading} />}>
            <Switch>
              <Route path="/">{() => <ArticleList viewer={viewer} />}</Route>
              <Route path={EDITOR_PATH}>{({ id }) => <EditorScreen key={entry.key} id={id} />}</Route>
              <Route path={COMMENTS_PATH}>{({ id = '' }) => <CommentsScreen key={id} viewer={viewer} id={id} />}</Route>
              <Route path={STATISTICS_PATH}>{({ id }) => <StatisticsScreen viewer={viewer} id={id} />}</Route>
              <Route path="/followers">{() => <FollowersScreen viewer={viewer} />}</Route>
              <Route path="/materials">{() => <MaterialsScreen viewer={viewer} />}</Route>
              <Route>
                <Failure title={words.noSuchPage} />
              </Route>
            </Switch>
          </Suspense>
        </Shell>
      )}
      <Notice />
    </AppRouter>
  )
}
