import { type Static, Type } from 'typebox'

export const Tokens = Type.Object({ token: Type.String(), refresh_token: Type.String() })
export type Tokens = Static<typeof Tokens>

export const MOBILE_PATTERN = '^1[3-9]\\d{9}$'
export const Mobile = Type.String({ pattern: MOBILE_PATTERN })
export const Code = Type.String({ pattern: '^\\d{6}$' })
