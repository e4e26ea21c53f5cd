import { type Static, Type } from 'typebox'

export const Tokens = Type.Object({ token: Type.String(), refresh_token: Type.String() })
export type Tokens = Static<typeof Tokens>
