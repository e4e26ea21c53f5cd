import { Type } from 'typebox'
import { Count } from '../../http/wire.ts'

/** The process that answers: what it holds in memory, and what it has counted since its start. Others of the cluster have theirs. */
export const ProcessView = Type.Object({ pid: Count(), roles: Type.Array(Type.String()), up_seconds: Count() })

export interface ProcessState {
  pid: number
  roles: string[]
  up_seconds: number
}
