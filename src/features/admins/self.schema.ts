import { type Static, Type } from 'typebox'
import type { AdministratorId } from '../../base/id.ts'
import { Id } from '../../http/wire.ts'

export const OwnAdministrator = Type.Object({
  id: Id<AdministratorId>(),
  account: Type.String(),
  name: Type.String(),
  group_id: Type.Integer(),
  /** What the group allows. */
  codes: Type.Array(Type.String()),
  /** Until then nothing else is allowed. */
  must_set_up_second_factor: Type.Boolean(),
})

export type OwnAdministrator = Static<typeof OwnAdministrator>
