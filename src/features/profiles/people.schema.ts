import { type Static, Type } from 'typebox'
import type { ReaderId } from '../../base/id.ts'
import { PagedSchema } from '../../http/paging.ts'
import { Count, Id } from '../../http/wire.ts'

export const Self = Type.Object({
  id: Id(),
  name: Type.String(),
  photo: Type.String(),
  is_media: Type.Boolean(),
  intro: Type.String(),
  certi: Type.String(),
  art_count: Count(),
  follow_count: Count(),
  fans_count: Count(),
  like_count: Count(),
})
export type Self = Static<typeof Self>

/** Another reader, with what the one who asks thinks of them. */
export const Other = Type.Object({ ...Self.properties, is_following: Type.Boolean(), is_blacklist: Type.Boolean() })
export type Other = Static<typeof Other>

export const Figure = Type.Object({ fans_count: Count(), read_count: Count() })
export type Figure = Static<typeof Figure>

/** `birthday` is empty when it was never said. */
const CHANGEABLE = { name: Type.String(), gender: Type.Integer(), birthday: Type.String(), intro: Type.String() }
export const Profile = Type.Object({ id: Id(), ...CHANGEABLE, photo: Type.String(), mobile: Type.String() })
export type Profile = Static<typeof Profile>

/** Only what was sent comes back. */
export const Changed = Type.Object({ id: Id(), ...Type.Partial(Type.Object(CHANGEABLE)).properties })
export type Changed = Static<typeof Changed>

export const Tied = Type.Object({
  id: Id<ReaderId>(),
  name: Type.String(),
  photo: Type.String(),
  fans_count: Count(),
  mutual_follow: Type.Boolean(),
})
export const TiedPage = PagedSchema(Tied)
export type TiedPage = Static<typeof TiedPage>
