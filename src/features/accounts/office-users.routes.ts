// Readers in the contract's admin API.

import { Type } from 'typebox'
import type { ReaderId } from '../../base/id.ts'
import { invalid } from '../../base/problem.ts'
import { operatorOf } from '../../http/access.ts'
import { AdminListQuery, AdminListSchema, DatesQuery, KeywordQuery, toAdminPage, toDateRange } from '../../http/admin-lists.ts'
import type { Routes } from '../../http/routes.ts'
import { Count, Email, Envelope, Id, Int, Optional, TypedText } from '../../http/wire.ts'
import { Mobile } from './accounts.schema.ts'
import { UserItem } from './office-users.schema.ts'
import type { OfficeUser } from './office-users.sql.ts'
import { INTRO_MAX, NAME_MAX, type OfficeUsers, PLACE_MAX } from './office-users.ts'

const IDS_MAX = 50 // a page of the list
const ACCOUNT_MAX = 50
const PASSWORD_MAX = 200
const PHOTO_BYTES_MAX = 10 * 1024 * 1024
const PHOTO_BASE64_MAX = 14 * 1024 * 1024

const ListQuery = Type.Object({ ...AdminListQuery, ...KeywordQuery, ...DatesQuery, status: Optional(Int(0, 1)) })
const Params = Type.Object({ id: Id<ReaderId>() })
const UNKNOWN = { refusal: 'Invalid user id.' }
const FreezeBody = Type.Object({
  user_ids: Type.Array(Id<ReaderId>(UNKNOWN), { minItems: 1, maxItems: IDS_MAX }),
  /** 1 may sign in, 0 frozen. */
  status: Int(0, 1),
})
const NewUserBody = Type.Object({
  account: Type.String({ minLength: 1, maxLength: ACCOUNT_MAX }),
  /** Not kept: readers sign in with a code that is sent to their number. */
  password: Type.String({ minLength: 1, maxLength: PASSWORD_MAX }),
  name: TypedText(NAME_MAX),
  mobile: Mobile,
  gender: Int(0, 1),
  profile_photo: Optional(Type.String({ maxLength: PHOTO_BASE64_MAX })),
  introduction: Optional(TypedText(INTRO_MAX)),
  email: Optional(Email()),
  area: Optional(TypedText(PLACE_MAX)),
  company: Optional(TypedText(PLACE_MAX)),
  career: Optional(TypedText(PLACE_MAX)),
})

export interface OfficeUserRoutesNeeds {
  users: OfficeUsers
  localTime: (at: Date) => string
}

export const officeUserRoutes =
  ({ users, localTime }: OfficeUserRoutesNeeds): Routes =>
  async server => {
    const zeroOrOne = (is: boolean) => (is ? (1 as const) : (0 as const))
    const toItem = ({ id, last_login_at, is_verified, is_media, frozen, ...row }: OfficeUser) => ({
      user_id: id,
      ...row,
      last_login: last_login_at && localTime(last_login_at),
      is_verified: zeroOrOne(is_verified),
      is_media: zeroOrOne(is_media),
      status: zeroOrOne(!frozen),
    })

    server.get(
      '/users',
      {
        config: { access: 'admin', permission: 'userlist-get', refuses: ['invalid'] },
        schema: { querystring: ListQuery, response: { 200: Envelope(AdminListSchema('users', UserItem)) } },
      },
      async ({ query: { keyword, status, begin, end, ...paging } }) => {
        const frozen = status === undefined ? undefined : status === 0
        const filter = { keyword: keyword || undefined, frozen, ...toDateRange({ begin, end }, localTime) }
        const { rows, total } = await users.list(filter, toAdminPage(paging))
        return { message: 'OK' as const, data: { users: rows.map(toItem), total_count: total } }
      },
    )

    server.post(
      '/users',
      {
        config: { access: 'admin', permission: 'userlist-post', refuses: ['invalid'] },
        bodyLimit: PHOTO_BASE64_MAX + 10_000,
        schema: { body: NewUserBody, response: { 201: Envelope(UserItem) } },
      },
      async (request, reply) => {
        const { profile_photo, password: _unused, ...fields } = request.body
        const user = await users.create(operatorOf(request), { ...fields, photo: profile_photo ? decodePhoto(profile_photo) : undefined })
        return reply.code(201).send({ message: 'OK', data: toItem(user) })
      },
    )

    server.put(
      '/users',
      {
        config: { access: 'admin', permission: 'userlist-put' },
        schema: { body: FreezeBody, response: { 201: Envelope(Type.Object({ count: Count() })) } },
      },
      async (request, reply) => {
        const { user_ids, status } = request.body
        const count = await users.setFrozen(operatorOf(request), user_ids, status === 0)
        return reply.code(201).send({ message: 'OK', data: { count } })
      },
    )

    server.get(
      '/users/:id',
      {
        config: { access: 'admin', permission: 'user-get', refuses: ['invalid'] },
        schema: { params: Params, response: { 200: Envelope(UserItem) } },
      },
      async ({ params }) => ({ message: 'OK' as const, data: toItem(await users.get(params.id)) }),
    )
  }

/** Base64, alone or as a data URL. */
function decodePhoto(text: string): Buffer {
  const bytes = Buffer.from(text.startsWith('data:') ? text.slice(text.indexOf(',') + 1) : text, 'base64')
  if (bytes.length === 0 || bytes.length > PHOTO_BYTES_MAX) throw invalid('Invalid image.')
  return bytes
}
