import { Type } from 'typebox'
import { parseId, type ReaderId } from '../../base/id.ts'
import { readerOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Id, Int, Optional, Text } from '../../http/wire.ts'
import { NoticeGroupList, NoticeList, NoticeSettings, NoticeSettingsPatch, Unread } from './notices.schema.ts'
import type { Notices } from './notices.ts'

const LIMIT = { limit: Optional(Int(1, 100)) }
const DEFAULT_LIMIT = 20
/** `after=0`: from the first on. */
const AfterQuery = Type.Object({ after: Optional(Int(0, Number.MAX_SAFE_INTEGER)), ...LIMIT })
const GroupsQuery = Type.Object({ before: Optional(Id()), ...LIMIT })
const ReadBody = Type.Object({ up_to: Id() })
const IDS_MAX = 100
const OnlineQuery = Type.Object({ ids: Text(1, IDS_MAX * 20) })
const OnlineResponse = Type.Object({ online: Type.Array(Id<ReaderId>()) })

export const noticeRoutes =
  (notices: Notices): Routes =>
  async server => {
    const login = { config: { access: 'login' as const } }

    server.get('/notices', { ...login, schema: { querystring: AfterQuery, response: { 200: Envelope(NoticeList) } } }, async request => {
      const { after = 0, limit = DEFAULT_LIMIT } = request.query
      return { message: 'OK' as const, data: await notices.listAfter(readerOf(request), { after: BigInt(after), limit }) }
    })

    server.get(
      '/notices/groups',
      { ...login, schema: { querystring: GroupsQuery, response: { 200: Envelope(NoticeGroupList) } } },
      async request => {
        const { before = null, limit = DEFAULT_LIMIT } = request.query
        return { message: 'OK' as const, data: await notices.listGroups(readerOf(request), { before, limit }) }
      },
    )

    server.get('/notices/unread', { ...login, schema: { response: { 200: Envelope(Unread) } } }, async request => ({
      message: 'OK' as const,
      data: await notices.countUnread(readerOf(request)),
    }))

    server.post('/notices/read', { ...login, schema: { body: ReadBody, response: { 200: Envelope(Unread) } } }, async request => ({
      message: 'OK' as const,
      data: await notices.markRead(readerOf(request), request.body.up_to),
    }))

    server.get('/notices/settings', { ...login, schema: { response: { 200: Envelope(NoticeSettings) } } }, async request => ({
      message: 'OK' as const,
      data: await notices.getSettings(readerOf(request)),
    }))

    server.patch(
      '/notices/settings',
      {
        config: { access: 'login', refuses: ['invalid'] },
        schema: { body: NoticeSettingsPatch, response: { 200: Envelope(NoticeSettings) } },
      },
      async request => ({
        message: 'OK' as const,
        data: await notices.changeSettings(readerOf(request), request.body),
      }),
    )

    // Ids are separated by commas.
    server.get(
      '/presence',
      { ...login, schema: { querystring: OnlineQuery, response: { 200: Envelope(OnlineResponse) } } },
      async request => {
        const ids = request.query.ids
          .split(',')
          .slice(0, IDS_MAX)
          .flatMap(text => parseId(text.trim()) ?? [])
        return { message: 'OK' as const, data: await notices.listOnline(readerOf(request), ids as ReaderId[]) }
      },
    )
  }
