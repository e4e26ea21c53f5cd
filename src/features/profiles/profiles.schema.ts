import { type Static, Type } from 'typebox'
import type { ReaderId } from '../../base/id.ts'
import { PagedSchema } from '../../http/paging.ts'
import { Count, Id } from '../../http/wire.ts'

export const OwnProfile = Type.Object({
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
export type OwnProfile = Static<typeof OwnProfile>

/** Another reader's profile, with the viewer's relationship to them. */
export const PublicProfile = Type.Object({ ...OwnProfile.properties, is_following: Type.Boolean(), is_blacklist: Type.Boolean() })
export type PublicProfile = Static<typeof PublicProfile>

export const Figures = Type.Object({ fans_count: Count(), read_count: Count() })
export type Figures = Static<typeof Figures>

/** `birthday` is empty if it is not set. */
const EDITABLE = { name: Type.String(), gender: Type.Integer(), birthday: Type.String(), intro: Type.String() }
export const ProfileSettings = Type.Object({ id: Id(), ...EDITABLE, photo: Type.String(), mobile: Type.String() })
export type ProfileSettings = Static<typeof ProfileSettings>

/** Holds only the fields that the request changed. */
export const ChangedProfile = Type.Object({
  id: Id(),
  ...Type.Partial(
    Type.Object({
      ...EDITABLE,
      photo: Type.String(),
      real_name: Type.String(),
      id_number: Type.String(),
      // Addresses that need a token.
      id_card_front: Type.String(),
      id_card_back: Type.String(),
      id_card_handheld: Type.String(),
    }),
  ).properties,
})
export type ChangedProfile = Static<typeof ChangedProfile>

export const FollowEntry = Type.Object({
  id: Id<ReaderId>(),
  name: Type.String(),
  photo: Type.String(),
  fans_count: Count(),
  mutual_follow: Type.Boolean(),
})
export const FollowPage = PagedSchema(FollowEntry)
export type FollowPage = Static<typeof FollowPage>

export const BlockedPage = PagedSchema(Type.Object({ id: Id<ReaderId>(), name: Type.String(), photo: Type.String() }))
export type BlockedPage = Static<typeof BlockedPage>
