// Web Push: notices for browsers without an open page, for readers who asked for it.

import { sql } from 'kysely'
import type { Clock } from '../../base/clock.ts'
import type { ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import type { DurableConsumerSpec } from '../../engines/log/durable-consumer.ts'
import type { Position } from '../../engines/log/log-rows.sql.ts'
import type { PushService } from './push-service.ts'
import { isQuiet } from './quiet-hours.ts'
import { listDuePushes, noteOutcome, removeSubscription, type Subscription, saveSubscription } from './web-push.sql.ts'

export interface Needs {
  db: Db
  service: PushService
  clock: Clock
  minuteOfDay: (at: number) => number
}

export type WebPush = ReturnType<typeof createWebPush>

/** Browsers of one reader. */
const SUBSCRIPTIONS_MAX = 10
/** A push service that is down for a while is worth some more tries. */
const FAILURES_MAX = 20
const AT_ONCE = 20

interface NoticeRow extends Position {
  reader_id: ReaderId
}

export function createWebPush({ db, service, clock, minuteOfDay }: Needs) {
  async function push(notices: NoticeRow[]): Promise<void> {
    const minute = minuteOfDay(clock())
    const due = (await listDuePushes(db, notices)).filter(each => !isQuiet(each, minute))
    for (let from = 0; from < due.length; from += AT_ONCE)
      await Promise.all(
        due.slice(from, from + AT_ONCE).map(async ({ id, kind, ...subscription }) => {
          const outcome = await service.send(subscription, { id, kind })
          await noteOutcome(db, subscription.endpoint, outcome, FAILURES_MAX)
        }),
      )
  }

  const consumer: DurableConsumerSpec<NoticeRow> = {
    name: 'web-push',
    log: 'notice',
    columns: sql`reader_id`,
    effect: { where: 'elsewhere', apply: push },
    rebuild: async () => {}, // old notices are found in the inbox
  }
  return {
    consumer,
    publicKey: service.publicKey,
    async subscribe(readerId: ReaderId, subscription: Subscription): Promise<void> {
      service.check(subscription.endpoint)
      await saveSubscription(db, readerId, subscription, SUBSCRIPTIONS_MAX)
    },
    unsubscribe: (readerId: ReaderId, endpoint: string) => removeSubscription(db, readerId, endpoint),
  }
}
