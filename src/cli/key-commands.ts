// `keys list|rotate`: the keys of tokens.

import type { Command } from './command.ts'
import { withInfrastructure } from './command.ts'
import { table } from './table.ts'

export const KEY_COMMANDS: Command[] = [
  {
    words: ['keys', 'list'],
    operands: [],
    about: 'the keys of tokens, the newest first',
    run: call =>
      withInfrastructure(call, async ({ tokenKeys }) => {
        const keys = await tokenKeys.list()
        const rows = keys.map(({ kid, created_at, retired_at }) => [kid, created_at.toISOString(), retired_at?.toISOString() ?? 'signs'])
        return { result: { keys }, lines: table(['key', 'since', 'replaced'], rows), exitCode: 0 }
      }),
  },
  {
    words: ['keys', 'rotate'],
    operands: [],
    flags: ['[--end-old]'],
    about: 'sign new tokens with a new key; with --end-old the tokens of older keys end at once, and everyone signs in again',
    run: call =>
      withInfrastructure(call, async ({ tokenKeys }) => {
        const endOld = call.options['end-old'] ?? false
        const kid = await tokenKeys.rotate({ endOld })
        return { result: { kid, ended_old: endOld }, exitCode: 0 }
      }),
  },
]
