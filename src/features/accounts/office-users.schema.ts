import { type Static, Type } from 'typebox'
import type { ReaderId } from '../../base/id.ts'
import { Id, StringOrNull, ZeroOrOne } from '../../http/wire.ts'

export const UserItem = Type.Object({
  user_id: Id<ReaderId>(),
  account: StringOrNull(),
  name: Type.String(),
  email: StringOrNull(),
  mobile: StringOrNull(),
  last_login: StringOrNull(),
  is_verified: ZeroOrOne(),
  is_media: ZeroOrOne(),
  status: ZeroOrOne(),
})

export type UserItem = Static<typeof UserItem>
