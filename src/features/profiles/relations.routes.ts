import { Type } from 'typebox'
import { Paging } from '../../base/paging.ts'
import { type Routes, readerOf } from '../../base/part.ts'
import { addMarking } from '../../base/target.ts'
import { Envelope } from '../../base/wire.ts'
import { TiedPage } from './people.schema.ts'
import { NO_READER, type Relations } from './relations.ts'

const Asked = Type.Object(Paging)
const Page = Envelope(TiedPage)

export const relationRoutes =
  (relations: Relations): Routes =>
  async server => {
    addMarking(server, '/user/followings', { refusal: NO_READER, put: relations.follow, drop: relations.unfollow })
    addMarking(server, '/user/blacklists', { refusal: NO_READER, put: relations.block, drop: relations.unblock })

    const lists = { '/user/followings': relations.followings, '/user/followers': relations.followers }
    for (const [path, list] of Object.entries(lists))
      server.get(path, { config: { access: 'login' }, schema: { querystring: Asked, response: { 200: Page } } }, async request => ({
        message: 'OK' as const,
        data: await list(request.viewer, readerOf(request), request.query),
      }))
  }
