import { type Static, Type } from 'typebox'
import type { AdministratorId } from '../../base/id.ts'
import { Id, IdOrNull } from '../../http/wire.ts'

/** `before` and `after` are ours. */
export const LoggedItem = Type.Object({
  operation_log_id: Id<bigint>(),
  administrator_id: IdOrNull<AdministratorId>(),
  administrator_name: Type.String(),
  ip: Type.String(),
  operation: Type.String(),
  description: Type.String(),
  before: Type.Unknown(),
  after: Type.Unknown(),
  ctime: Type.String(),
})

export type LoggedItem = Static<typeof LoggedItem>
