// `behaviours refused`: what clients sent that was not written, and why.

import { listRefusals } from '../features/behaviours/refusals.sql.ts'
import { type Command, withInfrastructure } from './command.ts'
import { table } from './table.ts'

const LIST_MAX = 100 // what fits on some screens

export const BEHAVIOUR_COMMANDS: Command[] = [
  {
    words: ['behaviours', 'refused'],
    operands: [],
    about: 'events that were refused, and why; the newest hundred',
    run: call =>
      withInfrastructure(call, async ({ database: { db } }) => {
        const refused = await listRefusals(db, LIST_MAX)
        const rows = refused.map(({ at, viewer, action, reason, event }) => [
          at.toISOString(),
          viewer ?? 'anonymous',
          action ?? '',
          reason,
          event ?? '',
        ])
        const lines = table(['at', 'viewer', 'action', 'reason', 'event'], rows)
        return { result: { refused }, lines, exitCode: 0 }
      }),
  },
]
