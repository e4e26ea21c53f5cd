import { Type } from 'typebox'
import type { AdministratorId } from '../../base/id.ts'
import { operatorOf } from '../../http/access.ts'
import { AdminListQuery, AdminListSchema, KeywordQuery, toAdminPage } from '../../http/admin-lists.ts'
import type { Routes } from '../../http/routes.ts'
import { Email, Envelope, Id, Int, Optional, TypedText } from '../../http/wire.ts'
import { AdministratorItem } from './administrators.schema.ts'
import type { AdministratorRow } from './administrators.sql.ts'
import { type Administrators, NAME_MAX, UNKNOWN_ID } from './administrators.ts'

const PASSWORD_MAX = 200 // longer than any password can be
const GROUP_MAX = 2 ** 31 - 1
const MANY_MAX = 100 // more than fit a page
const Password = Type.String({ minLength: 1, maxLength: PASSWORD_MAX })
const Account = Type.String({ minLength: 1, maxLength: 50 })

const ListQuery = Type.Object({ ...AdminListQuery, ...KeywordQuery, status: Optional(Int(0, 1)) })
const Params = Type.Object({ id: Id<AdministratorId>() })
const NewAdministrator = Type.Object({ account: Account, password: Password, group_id: Int(1, GROUP_MAX), name: TypedText(NAME_MAX) })
const Change = Type.Object({
  account: Optional(Account),
  password: Optional(Password),
  name: Optional(TypedText(NAME_MAX)),
  group_id: Optional(Int(1, GROUP_MAX)),
  /** 1 may sign in, 0 frozen. */
  status: Optional(Int(0, 1)),
  email: Optional(Email()),
  mobile: Optional(Type.String({ pattern: '^$|^1[3-9]\\d{9}$' })),
  current_password: Optional(Password),
})
const IdsBody = Type.Object({
  administrator_ids: Type.Array(Id<AdministratorId>({ refusal: UNKNOWN_ID }), { minItems: 1, maxItems: MANY_MAX }),
})
const Created = Type.Object({ account: Type.String(), name: Type.String() })

export interface AdministratorRoutesNeeds {
  administrators: Administrators
  localTime: (at: Date) => string
}

export const administratorRoutes =
  ({ administrators, localTime }: AdministratorRoutesNeeds): Routes =>
  async server => {
    const toItem = ({ id, frozen, last_login_at, password_hash: _hash, ...row }: AdministratorRow) => ({
      administrator_id: id,
      ...row,
      status: frozen ? (0 as const) : (1 as const),
      last_login: last_login_at && localTime(last_login_at),
    })

    server.get(
      '/administrators',
      {
        config: { access: 'admin', permission: 'administrator-list-get' },
        schema: { querystring: ListQuery, response: { 200: Envelope(AdminListSchema('administrators', AdministratorItem)) } },
      },
      async ({ query: { keyword, status, ...paging } }) => {
        const frozen = status === undefined ? undefined : status === 0
        const { rows, total } = await administrators.list({ keyword: keyword || undefined, frozen }, toAdminPage(paging))
        return { message: 'OK' as const, data: { administrators: rows.map(toItem), total_count: total } }
      },
    )

    server.post(
      '/administrators',
      {
        config: { access: 'admin', permission: 'administrator-list-post', refuses: ['invalid'] },
        schema: { body: NewAdministrator, response: { 201: Envelope(Created) } },
      },
      async (request, reply) =>
        reply.code(201).send({ message: 'OK', data: await administrators.create(operatorOf(request), request.body) }),
    )

    server.delete(
      '/administrators',
      {
        config: { access: 'admin', permission: 'administrator-delete', refuses: ['invalid'] },
        schema: { body: IdsBody, response: { 204: Type.Null() } },
      },
      async (request, reply) => {
        await administrators.remove(operatorOf(request), request.body.administrator_ids)
        return reply.code(204).send(null)
      },
    )

    // The seeds that it creates in the original are rows of a migration.
    server.get(
      '/administrators/init',
      { config: { access: 'public' }, schema: { response: { 200: Type.Object({ message: Type.Literal('ok') }) } } },
      async () => ({ message: 'ok' as const }),
    )

    server.get(
      '/administrators/:id',
      {
        config: { access: 'admin', permission: 'administrator-get', refuses: ['invalid'] },
        schema: { params: Params, response: { 200: Envelope(AdministratorItem) } },
      },
      async ({ params }) => ({ message: 'OK' as const, data: toItem(await administrators.get(params.id)) }),
    )

    server.put(
      '/administrators/:id',
      {
        config: { access: 'admin', permission: 'administrator-put', refuses: ['invalid', 'too-many'] },
        schema: { params: Params, body: Change, response: { 201: Envelope(AdministratorItem) } },
      },
      async (request, reply) => {
        const { status, ...change } = request.body
        const frozen = status === undefined ? undefined : status === 0
        const data = toItem(await administrators.update(operatorOf(request), request.params.id, { ...change, frozen }))
        return reply.code(201).send({ message: 'OK', data })
      },
    )

    server.delete(
      '/administrators/:id',
      {
        config: { access: 'admin', permission: 'administrator-delete', refuses: ['invalid'] },
        schema: { params: Params, response: { 204: Type.Null() } },
      },
      async (request, reply) => {
        await administrators.remove(operatorOf(request), [request.params.id])
        return reply.code(204).send(null)
      },
    )
  }
