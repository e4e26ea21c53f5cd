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

/** `name`: what the module exports. */
const screen = <Name extends string>(
  id: keyof typeof names,
  code: PermissionCode | undefined,
  name: Name,
  load: () => Promise<Record<Name, ComponentType<object>>>,
): Screen => ({ path: `/${id}`, name: names[id], code, Content: lazyScreen(load, name) })

export const SECTIONS: { name: string; screens: Screen[] }[] = [
  {
    name: sections.content,
    screens: [
      { path: '/', name: names.dashboard, Content: DashboardScreen },
      screen('articles', 'article-list-get', 'ReviewScreen', () => import('./review/review-screen.tsx')),
      screen('comments', 'held-comment-list-get', 'HeldCommentsScreen', () => import('./queues/held-comments-screen.tsx')),
      screen('reports', 'report-list-get', 'ReportsScreen', () => import('./queues/reports-screen.tsx')),
      screen('appeals', 'appeal-list-get', 'AppealsScreen', () => import('./queues/appeals-screen.tsx')),
      screen('words', 'sensitive-word-list-get', 'WordsScreen', () => import('./sensitive-words/words-screen.tsx')),
    ],
  },
  {
    name: sections.site,
    screens: [
      screen('readers', 'userlist-get', 'ReadersScreen', () => import('./readers/readers-screen.tsx')),
      screen('applications', 'legalize-list-get', 'ApplicationsScreen', () => import('./readers/applications-screen.tsx')),
      screen('channels', 'channel-list-get', 'ChannelsScreen', () => import('./site/channels-screen.tsx')),
      screen('pinned', 'pinned-list-get', 'PinnedScreen', () => import('./site/pinned-screen.tsx')),
      screen('announcements', 'announcement-list-get', 'AnnouncementsScreen', () => import('./site/announcements-screen.tsx')),
    ],
  },
  {
    name: sections.administration,
    screens: [
      screen(
        'administrators',
        'administrator-list-get',
        'AdministratorsScreen',
        () => import('./administration/administrators-screen.tsx'),
      ),
      screen('groups', 'group-list-get', 'GroupsScreen', () => import('./administration/groups-screen.tsx')),
      screen('log', 'operationlog-get', 'OperationLogScreen', () => import('./administration/operation-log-screen.tsx')),
      screen('account', undefined, 'AccountScreen', () => import('./account/account-screen.tsx')),
    ],
  },
  {
    name: sections.operations,
    screens: [
      screen('jobs', 'job-list-get', 'JobsScreen', () => import('./operations/jobs-screen.tsx')),
      screen('counters', 'counter-list-get', 'CountersScreen', () => import('./operations/counters-screen.tsx')),
      screen('caches', 'cache-list-get', 'CachesScreen', () => import('./operations/caches-screen.tsx')),
      screen('recommender', 'recommender-get', 'RecommenderScreen', () => import('./operations/recommender-screen.tsx')),
      screen('experiments', 'recommender-get', 'ExperimentsScreen', () => import('./operations/experiments-screen.tsx')),
      screen('queries', 'query-list-get', 'QueriesScreen', () => import('./operations/queries-screen.tsx')),
      screen('consumers', 'consumer-list-get', 'ConsumersScreen', () => import('./operations/consumers-screen.tsx')),
    ],
  },
]
