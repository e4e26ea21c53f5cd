import { type Static, Type } from 'typebox'
import { Bool, Count } from '../../http/wire.ts'

export const SecondFactorState = Type.Object({ enabled: Bool(), recovery_codes: Count() })
/** `uri` is for the authenticator app. */
export const Enrolment = Type.Object({ secret: Type.String(), uri: Type.String() })
export const RecoveryCodes = Type.Object({ recovery_codes: Type.Array(Type.String()) })

export type SecondFactorState = Static<typeof SecondFactorState>
export type Enrolment = Static<typeof Enrolment>
export type RecoveryCodes = Static<typeof RecoveryCodes>
