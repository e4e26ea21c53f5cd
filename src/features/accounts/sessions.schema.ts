import { type Static, Type } from 'typebox'
import { Id } from '../../http/wire.ts'

export const SessionView = Type.Object({
  id: Id(),
  surface: Type.Union([Type.Literal('app'), Type.Literal('studio')]),
  /** The User-Agent header of the sign-in. */
  agent: Type.String(),
  address: Type.String(),
  created_at: Type.String(),
  /** When its token was last renewed. */
  last_used_at: Type.String(),
  is_current: Type.Boolean(),
})
export type SessionView = Static<typeof SessionView>
