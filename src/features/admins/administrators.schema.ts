import { type Static, Type } from 'typebox'
import type { AdministratorId } from '../../base/id.ts'
import { Count, Id, ZeroOrOne } from '../../http/wire.ts'

const TextOrNull = Type.Union([Type.String(), Type.Null()])

export const AdministratorItem = Type.Object({
  administrator_id: Id<AdministratorId>(),
  account: Type.String(),
  email: TextOrNull,
  mobile: TextOrNull,
  name: Type.String(),
  group_name: Type.String(),
  group_id: Type.Integer(),
  access_count: Count(),
  status: ZeroOrOne(),
  last_login: TextOrNull,
})

export type AdministratorItem = Static<typeof AdministratorItem>
