// The screens, in the order of the menu, and the permission that each needs. All but the dashboard are loaded when they are opened.

import type { ComponentType } from 'react'
import type { PermissionCode } from '../../src/base/permissions.ts'
import { lazyScreen } from '../shared/lazy-part.tsx'
import { DashboardScreen } from './dashboard/dashboard-screen.tsx'
import { words } from './words.ts'

export interface Screen {
  path: string
  name: string
  /** Without one it is for every administrator. */
  code?: PermissionCode
  Content: ComponentType<object>
}

const { screens: names, sections } = words
const screen = (id: keyof typeof names, code: PermissionCode | undefined, Content: ComponentType<object>): Screen => ({
  path: `/${id}`,
  name: names[id],
  code,
  Content,
})

export const SECTIONS: { name: string; screens: Screen[] }[] = [
  {
    name: sections.content,
    screens: [
      { path: '/', name: names.dashboard, Content: DashboardScreen },
      screen(
        'articles',
        'article-list-get',
        lazyScreen(() => import('./review/review-screen.tsx'), 'ReviewScreen'),
      ),
      screen(
        'comments',
        'held-comment-list-get',
        lazyScreen(() => import('./queues/held-comments-screen.tsx'), 'HeldCommentsScreen'),
      ),
      screen(
        'reports',
        'report-list-get',
        lazyScreen(() => import('./queues/reports-screen.tsx'), 'ReportsScreen'),
      ),
      screen(
        'appeals',
        'appeal-list-get',
        lazyScreen(() => import('./queues/appeals-screen.tsx'), 'AppealsScreen'),
      ),
      screen(
        'words',
        'sensitive-word-list-get',
        lazyScreen(() => import('./sensitive-words/words-screen.tsx'), 'WordsScreen'),
      ),
    ],
  },
  {
    name: sections.site,
    screens: [
      screen(
        'readers',
        'userlist-get',
        lazyScreen(() => import('./readers/readers-screen.tsx'), 'ReadersScreen'),
      ),
      screen(
        'applications',
        'legalize-list-get',
        lazyScreen(() => import('./readers/applications-screen.tsx'), 'ApplicationsScreen'),
      ),
      screen(
        'channels',
        'channel-list-get',
        lazyScreen(() => import('./site/channels-screen.tsx'), 'ChannelsScreen'),
      ),
      screen(
        'pinned',
        'pinned-list-get',
        lazyScreen(() => import('./site/pinned-screen.tsx'), 'PinnedScreen'),
      ),
      screen(
        'announcements',
        'announcement-list-get',
        lazyScreen(() => import('./site/announcements-screen.tsx'), 'AnnouncementsScreen'),
      ),
    ],
  },
  {
    name: sections.administration,
    screens: [
      screen(
        'administrators',
        'administrator-list-get',
        lazyScreen(() => import('./administration/administrators-screen.tsx'), 'AdministratorsScreen'),
      ),
      screen(
        'groups',
        'group-list-get',
        lazyScreen(() => import('./administration/groups-screen.tsx'), 'GroupsScreen'),
      ),
      screen(
        'log',
        'operationlog-get',
        lazyScreen(() => import('./administration/operation-log-screen.tsx'), 'OperationLogScreen'),
      ),
      screen(
        'account',
        undefined,
        lazyScreen(() => import('./account/account-screen.tsx'), 'AccountScreen'),
      ),
    ],
  },
  {
    name: sections.operations,
    screens: [
      screen(
        'jobs',
        'job-list-get',
        lazyScreen(() => import('./operations/jobs-screen.tsx'), 'JobsScreen'),
      ),
      screen(
        'counters',
        'counter-list-get',
        lazyScreen(() => import('./operations/counters-screen.tsx'), 'CountersScreen'),
      ),
      screen(
        'caches',
        'cache-list-get',
        lazyScreen(() => import('./operations/caches-screen.tsx'), 'CachesScreen'),
      ),
      screen(
        'recommender',
        'recommender-get',
        lazyScreen(() => import('./operations/recommender-screen.tsx'), 'RecommenderScreen'),
      ),
      screen(
        'queries',
        'query-list-get',
        lazyScreen(() => import('./operations/queries-screen.tsx'), 'QueriesScreen'),
      ),
      screen(
        'consumers',
        'consumer-list-get',
        lazyScreen(() => import('./operations/consumers-screen.tsx'), 'ConsumersScreen'),
      ),
    ],
  },
]
