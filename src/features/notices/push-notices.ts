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
import { type InboxState, inboxStatesOf, listNews, type NoticeRow } from './notices.sql.ts'
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
    const news = await listNews(db, here)
    const inboxes = await listAwake(here.map(row => row.reader_id))
    for (const notice of news) {
      const { reader_id, seq, kind } = notice
      const inbox = inboxes.get(reader_id)
      if (!inbox) continue
      const contract = toContractPush(notice, photoUrl)
      if (contract) sockets.push(reader_id, contract.event, contract.payload)
      sockets.push(reader_id, 'notice', { id: seq.toString(), kind, unread: inbox.unread })
    }
    // The others' notices were withdrawn, or have come back.
    for (const { reader_id } of news) inboxes.delete(reader_id)
    pushCounts(inboxes)
  }

  /** The inboxes of those who are not in their quiet hours. */
  async function listAwake(readerIds: ReaderId[]): Promise<Map<ReaderId, InboxState>> {
    const minute = minuteOfDay(clock())
    const inboxes = await inboxStatesOf(db, [...new Set(readerIds)])
    for (const [readerId, inbox] of inboxes) if (isQuiet(inbox, minute)) inboxes.delete(readerId)
    return inboxes
  }

  /** Clients are told how many notices are unread, and look. */
  function pushCounts(inboxes: Map<ReaderId, InboxState>): void {
    for (const [readerId, { unread, last_id }] of inboxes)
      sockets.push(readerId, 'notice', { id: last_id.toString(), kind: 'unread', unread })
  }

  return createConsumer<LogRow>({
    db,
    log: 'notice',
    name: 'push',
    columns: sql`reader_id`,
    onRows: pushRows,
    onGap: async () => pushCounts(await listAwake(sockets.readers())), // rows may have been missed
    lags,
  })
}

/** Undefined for kinds that the contract does not know. */
function toContractPush(notice: NoticeRow, photoUrl: PushNeeds['photoUrl']): ContractPush | undefined {
  const { kind, actor_id: id, actor_name: name, actor_photo, article_id, article_title } = notice
  if (id === null) return undefined
  const actor = { id, name, photo: photoUrl(id, actor_photo) }
  const at = notice.at.getTime()
  if (kind === 'follow') return toFollowingPush(actor, at)
  if (article_id === null || (kind !== 'like' && kind !== 'comment')) return undefined
  return toArticlePush(kind === 'like' ? 'liking notify' : 'comment notify', actor, { id: article_id, title: article_title ?? '' }, at)
}
