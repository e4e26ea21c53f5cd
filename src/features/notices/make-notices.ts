// From events to notices: a durable consumer of the events, and a task that tells the followers of an author.

import { sql } from 'kysely'
import type { Task } from '../../base/task.ts'
import type { Db } from '../../engines/database/database.ts'
import type { DurableConsumerSpec } from '../../engines/log/durable-consumer.ts'
import type { Position } from '../../engines/log/log-rows.sql.ts'
import { fanOut, isFanoutDue } from './fanout.sql.ts'
import { type EventRow, lockNotices, makeNotices, startFanouts, withdrawBetweenBlocked } from './make-notices.sql.ts'

const OF_CHATS = new Set(['message', 'receipt', 'forgotten'])

export function createNoticeMaker(): DurableConsumerSpec<EventRow & Position> {
  return {
    name: 'notices',
    log: 'event',
    columns: sql`kind, actor_id::text as actor_id, target_id::text as target_id`,
    effect: {
      where: 'postgres',
      async apply(all, tx) {
        const events = all.filter(({ kind }) => !OF_CHATS.has(kind))
        if (events.length === 0) return
        const has = (kind: string) => events.some(event => event.kind === kind)
        await lockNotices(tx)
        await makeNotices(tx, events)
        if (has('block')) await withdrawBetweenBlocked(tx, events)
        if (has('publish')) await startFanouts(tx, events)
      },
    },
    rebuild: async () => {}, // what happened before there were notices is no news
  }
}

/** With five indexes a row takes some 30 µs. Larger batches are no faster, and a busy machine takes ten times as long for one. */
const FANOUT_BATCH = 500
const FANOUT_POLL_MS = 250
/** For an article whose time comes later than its event. */
const FANOUT_IDLE_MS = 1_000

export function createFanoutTask(db: Db): Task {
  return {
    name: 'tell-followers',
    role: 'worker',
    intervalMs: FANOUT_POLL_MS,
    idleIntervalMs: FANOUT_IDLE_MS,
    notifications: ['event'], // of which the notice maker makes what is due here
    async run() {
      for (let goesOn = await isFanoutDue(db); goesOn; )
        goesOn = await db.transaction().execute(async tx => {
          await lockNotices(tx)
          return fanOut(tx, FANOUT_BATCH)
        })
    },
  }
}
