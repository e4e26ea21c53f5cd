import { Type } from 'typebox'
import { readerOf } from '../../http/access.ts'
import { PagingQuery } from '../../http/paging.ts'
import type { Routes } from '../../http/routes.ts'
import { addToggle } from '../../http/toggle-routes.ts'
import { Envelope } from '../../http/wire.ts'
import { BlockedPage, FollowPage } from './profiles.schema.ts'
import { NO_READER, type Relations } from './relations.ts'

const ListQuery = Type.Object(PagingQuery)
const Page = Envelope(FollowPage)

/** The contract lets the studio ask for 20 to 50; less is answered as well. */
const STUDIO_PER_PAGE = 20

/** The creator's followers, in the studio. */
export const studioFollowerRoutes =
  (relations: Relations, access: 'studio' | 'login'): Routes =>
  async server => {
    server.get('/followers', { config: { access }, schema: { querystring: ListQuery, response: { 200: Page } } }, async request => ({
      message: 'OK' as const,
      data: await relations.followers(request.viewer, readerOf(request), { per_page: STUDIO_PER_PAGE, ...request.query }),
    }))
  }

export const relationRoutes =
  (relations: Relations): Routes =>
  async server => {
    addToggle(server, '/user/followings', { refusal: NO_READER, add: relations.follow, remove: relations.unfollow })
    addToggle(server, '/user/blacklists', { refusal: NO_READER, add: relations.block, remove: relations.unblock })

    const lists = { '/user/followings': relations.followings, '/user/followers': relations.followers }
    for (const [path, list] of Object.entries(lists))
      server.get(path, { config: { access: 'login' }, schema: { querystring: ListQuery, response: { 200: Page } } }, async request => ({
        message: 'OK' as const,
        data: await list(request.viewer, readerOf(request), request.query),
      }))
  }

export const blockedRoutes =
  (relations: Relations): Routes =>
  async server => {
    server.get(
      '/blocked',
      { config: { access: 'login' }, schema: { querystring: ListQuery, response: { 200: Envelope(BlockedPage) } } },
      async request => ({ message: 'OK' as const, data: await relations.blocked(readerOf(request), request.query) }),
    )
  }
