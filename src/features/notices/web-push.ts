// Web Push: notices for browsers without an open page, for readers who asked for it.

import { sql } from 'kysely'
import type { Clock } from '../../base/clock.ts'
import type { ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import type { DurableConsumerSpec } from '../../engines/log/durable-consumer.ts'
import type { Position } from '../../engines/log/log-rows.sql.ts'
import { type PushService, serviceOf } from './push-service.ts'
import { isQuiet } from './quiet-hours.ts'
import { createHostSender } from './send-by-host.ts'
import { type DuePush, listDuePushes, noteOutcome, removeSubscription, type Subscription, saveSubscription } from './web-push.sql.ts'

export interface Needs {
  db: Db
  service: PushService
  clock: Clock
  minuteOfDay: (at: number) => number
}

export type WebPush = ReturnType<typeof createWebPush>

/** Browsers of one reader. */
const SUBSCRIPTIONS_MAX = 10
/** As many connections as one push service gets from us. */
const AT_ONCE = 20
/** Half of them serve the four push services of browser makers, and one more, all at once. */
const AT_ONCE_IN_ALL = 200
/** Far more push services than there are. */
const HOSTS_MAX = 100
/** Push services answer within a tenth of this. */
const SLOW_MS = 2_000

interface NoticeRow extends Position {
  reader_id: ReaderId
}

export function createWebPush({ db, service, clock, minuteOfDay }: Needs) {
  const sendAll = createHostSender<DuePush>({
    hostOf: ({ endpoint }) => serviceOf(endpoint),
    async send({ id, kind, ...subscription }) {
      await noteOutcome(db, subscription.endpoint, await service.send(subscription, { id, kind }))
    },
    atOnce: AT_ONCE,
    atOnceInAll: AT_ONCE_IN_ALL,
    hostsMax: HOSTS_MAX,
    slowMs: SLOW_MS,
  })

  async function push(notices: NoticeRow[]): Promise<void> {
    const minute = minuteOfDay(clock())
    const due = await listDuePushes(db, notices)
    await sendAll(due.filter(each => !isQuiet(each, minute)))
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
      service.check(subscription)
      await saveSubscription(db, readerId, subscription, SUBSCRIPTIONS_MAX)
    },
    unsubscribe: (readerId: ReaderId, endpoint: string) => removeSubscription(db, readerId, endpoint),
  }
}
