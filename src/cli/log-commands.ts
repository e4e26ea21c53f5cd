// `log consumers|set-aside|retry`: the durable consumers of the change log. They read and write rows only.

import { parseId } from '../base/id.ts'
import { notFound } from '../base/problem.ts'
import { listConsumers, listSetAside, requestRetry } from '../engines/log/consumers.sql.ts'
import { toConsumerView, toSetAsideView } from '../engines/log/views.ts'
import { type Command, withInfrastructure } from './command.ts'
import { table } from './table.ts'

const LIST_MAX = 100 // what fits on some screens; retried ones make room

export const LOG_COMMANDS: Command[] = [
  {
    words: ['log', 'consumers'],
    operands: [],
    about: 'what follows the change log: how far it is behind, and what it has set aside',
    run: call =>
      withInfrastructure(call, async ({ database: { db } }) => {
        const consumers = (await listConsumers(db)).map(toConsumerView)
        const rows = consumers.map(({ name, running, building, behind, lag_seconds, retrying, set_aside }) => [
          name,
          building ? 'builds its snapshot' : running ? 'yes' : 'no',
          ...[behind, lag_seconds, retrying, set_aside].map(String),
        ])
        const lines = table(['consumer', 'running', 'behind', 'lag (s)', 'retrying', 'set aside'], rows)
        return { result: { consumers }, lines, exitCode: 0 }
      }),
  },
  {
    words: ['log', 'set-aside'],
    operands: ['[CONSUMER]'],
    about: 'changes that a consumer has set aside, with the reason; the oldest hundred',
    run: call =>
      withInfrastructure(call, async ({ database: { db } }) => {
        const changes = (await listSetAside(db, { consumer: call.operands[0], limit: LIST_MAX })).map(toSetAsideView)
        const rows = changes.map(({ id, consumer, change, attempts, next_at, reason }) => [
          id,
          consumer,
          JSON.stringify(change),
          String(attempts),
          next_at ?? 'never',
          reason,
        ])
        const lines = table(['id', 'consumer', 'change', 'attempts', 'next', 'reason'], rows)
        return { result: { set_aside: changes }, lines, exitCode: 0 }
      }),
  },
  {
    words: ['log', 'retry'],
    operands: ['ID|CONSUMER'],
    about: 'try a change that was set aside again at once, or all of a consumer',
    run: call => {
      const operand = call.operands[0] as string
      const id = parseId(operand)
      return withInfrastructure(call, async ({ database: { db } }) => {
        const requested = await requestRetry(db, id ? { id } : { consumer: operand })
        if (requested === 0) throw notFound(id ? `no change ${id} is set aside` : `${operand} has set nothing aside`)
        return { result: { requested }, exitCode: 0 }
      })
    },
  },
]
