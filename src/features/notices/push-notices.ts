// Pushes new notices to the sockets of this process. Each process with sockets follows the notices itself and serves its own
// readers, so that a push depends on PostgreSQL alone. A push says "look"; a client that missed it asks for what is newer.

import { sql } from 'kysely'
import type { Clock } from '../../base/clock.ts'
import type { ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { type Consumer, createConsumer } from '../../engines/log/consumer.ts'
import type { LagMetric } from '../../engines/log/lag.ts'
import type { Position } from '../../engines/log/log-rows.sql.ts'
import { type ContractPush, toArticlePush, toFollowingPush } from './contract-pushes.ts'
import { countUnread, findLastNoticeIds, findPushedNotices, type PushedNotice } from './notices.sql.ts'
import { isQuiet } from './quiet-hours.ts'

export interface PushNeeds {
  db: Db
  lags: LagMetric
  sockets: {
    has(id: ReaderId): boolean
    readers(): ReaderId[]
    push(id: ReaderId, event: string, payload: object): void
  }
  photoUrl: (id: ReaderId, photo: string | null) => string
  clock: Clock
  minuteOfDay: (at: number) => number
}

interface LogRow extends Position {
  reader_id: ReaderId
}

export function createNoticePusher({ db, lags, sockets, photoUrl, clock, minuteOfDay }: PushNeeds): Promise<Consumer> {
  async function pushRows(rows: LogRow[]): Promise<void> {
    const here = rows.filter(row => sockets.has(row.reader_id))
    if (here.length === 0) return
    const notices = await findPushedNotices(db, here)
    const unread = await countUnread(db, [...new Set(notices.map(notice => notice.reader_id))])
    const minute = minuteOfDay(clock())
    for (const notice of notices) {
      if (isQuiet(notice, minute)) continue
      const contract = toContractPush(notice, photoUrl)
      if (contract) sockets.push(notice.reader_id, contract.event, contract.payload)
      const { reader_id, seq, kind } = notice
      sockets.push(reader_id, 'notice', { id: seq.toString(), kind, unread: unread.get(reader_id) ?? 0 })
    }
  }

  /** Rows may have been missed: clients are told how many are unread, and ask if they do not have them. */
  async function pushCounts(): Promise<void> {
    const unread = await countUnread(db, sockets.readers())
    const lastIds = await findLastNoticeIds(db, [...unread.keys()])
    for (const [readerId, count] of unread)
      sockets.push(readerId, 'notice', { id: (lastIds.get(readerId) ?? 0n).toString(), kind: 'missed', unread: count })
  }

  return createConsumer<LogRow>({
    db,
    log: 'notice',
    name: 'push',
    columns: sql`reader_id`,
    onRows: pushRows,
    onGap: pushCounts,
    lags,
  })
}

/** Undefined for kinds that the contract does not know. */
function toContractPush(notice: PushedNotice, photoUrl: PushNeeds['photoUrl']): ContractPush | undefined {
  const { kind, actor_id: id, actor_name: name, actor_photo, article_id, article_title } = notice
  if (id === null) return undefined
  const actor = { id, name, photo: photoUrl(id, actor_photo) }
  const at = notice.at.getTime()
  if (kind === 'follow') return toFollowingPush(actor, at)
  if (article_id === null || (kind !== 'like' && kind !== 'comment')) return undefined
  return toArticlePush(kind === 'like' ? 'liking notify' : 'comment notify', actor, { id: article_id, title: article_title ?? '' }, at)
}
