import { type Static, Type } from 'typebox'

export const NewMaterial = Type.Object({ id: Type.Integer(), url: Type.String() })

export const MaterialItem = Type.Object({ ...NewMaterial.properties, is_collected: Type.Boolean() })
export type MaterialItem = Static<typeof MaterialItem>
