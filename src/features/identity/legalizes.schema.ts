import { type Static, Type } from 'typebox'
import type { ReaderId } from '../../base/id.ts'
import { Id } from '../../http/wire.ts'

const TextOrNull = Type.Union([Type.String(), Type.Null()])

const item = {
  legalize_id: Id<bigint>(),
  account: TextOrNull,
  name: Type.String(),
  create_time: Type.String(),
  type: Type.Integer(),
  status: Type.Integer(),
  reject_reason: TextOrNull,
}

export const LegalizeItem = Type.Object(item)

const Profile = Type.Object({
  user_id: Id<ReaderId>(),
  gender: Type.Union([Type.Integer(), Type.Null()]),
  birthday: TextOrNull,
  real_name: TextOrNull,
  id_number: TextOrNull,
  /** Addresses that answer an administrator's token. */
  id_card_front: TextOrNull,
  id_card_back: TextOrNull,
  id_card_handheld: TextOrNull,
  area: TextOrNull,
  company: TextOrNull,
  career: TextOrNull,
})

export const LegalizePage = Type.Object({ ...item, user_profile: Profile })

export type LegalizeItem = Static<typeof LegalizeItem>
export type LegalizePage = Static<typeof LegalizePage>
