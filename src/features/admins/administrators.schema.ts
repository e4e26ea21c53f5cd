import { type Static, Type } from 'typebox'
import type { AdministratorId } from '../../base/id.ts'
import { Count, Id, StringOrNull, ZeroOrOne } from '../../http/wire.ts'

export const AdministratorItem = Type.Object({
  administrator_id: Id<AdministratorId>(),
  account: Type.String(),
  email: StringOrNull(),
  mobile: StringOrNull(),
  name: Type.String(),
  group_name: Type.String(),
  group_id: Type.Integer(),
  access_count: Count(),
  status: ZeroOrOne(),
  last_login: StringOrNull(),
  /** Ours: nobody else who may do everything can sign in, so this one can be neither deleted, frozen nor moved to another group. */
  is_last: Type.Boolean(),
})

export type AdministratorItem = Static<typeof AdministratorItem>
