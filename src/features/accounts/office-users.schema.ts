import { type Static, Type } from 'typebox'
import type { ReaderId } from '../../base/id.ts'
import { Id, ZeroOrOne } from '../../http/wire.ts'

const TextOrNull = Type.Union([Type.String(), Type.Null()])

export const UserItem = Type.Object({
  user_id: Id<ReaderId>(),
  account: TextOrNull,
  name: Type.String(),
  email: TextOrNull,
  mobile: TextOrNull,
  last_login: TextOrNull,
  is_verified: ZeroOrOne(),
  is_media: ZeroOrOne(),
  status: ZeroOrOne(),
})

export type UserItem = Static<typeof UserItem>
