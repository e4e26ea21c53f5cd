import { type Static, Type } from 'typebox'

export const Channel = Type.Object({ id: Type.Integer(), name: Type.String() })
export type Channel = Static<typeof Channel>
