import { type Static, Type } from 'typebox'
import type { ReaderId } from '../../base/id.ts'
import { Id, StringOrNull } from '../../http/wire.ts'

const item = {
  legalize_id: Id<bigint>(),
  account: StringOrNull(),
  name: Type.String(),
  create_time: Type.String(),
  type: Type.Integer(),
  status: Type.Integer(),
  reject_reason: StringOrNull(),
}

export const LegalizeItem = Type.Object(item)

const Profile = Type.Object({
  user_id: Id<ReaderId>(),
  gender: Type.Union([Type.Integer(), Type.Null()]),
  birthday: StringOrNull(),
  real_name: StringOrNull(),
  id_number: StringOrNull(),
  /** Addresses that answer an administrator's token. */
  id_card_front: StringOrNull(),
  id_card_back: StringOrNull(),
  id_card_handheld: StringOrNull(),
  area: StringOrNull(),
  company: StringOrNull(),
  career: StringOrNull(),
})

export const LegalizePage = Type.Object({ ...item, user_profile: Profile })

export type LegalizeItem = Static<typeof LegalizeItem>
export type LegalizePage = Static<typeof LegalizePage>
