// A reader's notices: listed, counted, marked as read, and the reader's settings. make-notices.ts makes them, push-notices.ts
// pushes them.

import type { ReaderId } from '../../base/id.ts'
import { invalid, unauthenticated } from '../../base/problem.ts'
import type { Db } from '../../engines/database/database.ts'
import type { NoticeGroup, NoticeSettings, NoticeView } from './notices.schema.ts'
import { countUnread, listNoticeGroups, listNoticesAfter, markRead, type NoticeRow } from './notices.sql.ts'
import type { Presence } from './presence.ts'
import { findSettings, listVisible, saveSettings } from './settings.sql.ts'

export interface Needs {
  db: Db
  presence: Presence
  photoUrl: (id: ReaderId, photo: string | null) => string
}

export type Notices = ReturnType<typeof createNotices>

const GROUPED_MAX = 500 // of the newest notices; a group beyond is cut off
const MARKED_AT_ONCE = 500 // a writing transaction over 200 ms delays every consumer of a log
const DEFAULT_SETTINGS: NoticeSettings = { muted: [], quiet_from: null, quiet_to: null, presence: false }

export function createNotices({ db, presence, photoUrl }: Needs) {
  const unreadOf = (readerId: ReaderId) => countUnread(db, readerId)

  const subjectOf = (row: NoticeRow) => ({
    id: row.seq,
    kind: row.kind,
    article: row.article_id === null ? null : { id: row.article_id, title: row.article_title ?? '' },
    comment: row.comment_id === null ? null : { id: row.comment_id, content: row.comment_text ?? '' },
    at: row.at.toISOString(),
    is_read: row.is_read,
  })
  const toView = (row: NoticeRow): NoticeView => ({
    ...subjectOf(row),
    actor: row.actor_id === null ? null : { id: row.actor_id, name: row.actor_name, photo: photoUrl(row.actor_id, row.actor_photo) },
  })

  return {
    /** Notices that are newer than the one with the id `after`, the oldest first: what a client missed while it was away. */
    async listAfter(readerId: ReaderId, { after, limit }: { after: bigint; limit: number }) {
      const rows = await listNoticesAfter(db, readerId, after, limit)
      return { notices: rows.map(toView), unread: await unreadOf(readerId) }
    },

    /** The newest first. `before` is the id of the last group of the page before. */
    async listGroups(readerId: ReaderId, { before, limit }: { before: bigint | null; limit: number }) {
      const rows = await listNoticeGroups(db, readerId, { before, window: GROUPED_MAX, limit })
      const groups: NoticeGroup[] = rows.map(row => ({
        ...subjectOf(row),
        count: row.size,
        actors: (row.actors ?? []).map(({ id, name, photo }) => {
          const readerId = BigInt(id) as ReaderId
          return { id: readerId, name, photo: photoUrl(readerId, photo) }
        }),
      }))
      return { groups, unread: await unreadOf(readerId) }
    },

    countUnread: async (readerId: ReaderId) => ({ unread: await unreadOf(readerId) }),

    /** Marks every notice up to this id. */
    async markRead(readerId: ReaderId, upTo: bigint) {
      while ((await markRead(db, readerId, upTo, MARKED_AT_ONCE)) === MARKED_AT_ONCE);
      return { unread: await unreadOf(readerId) }
    },

    getSettings: async (readerId: ReaderId) => (await findSettings(db, readerId)) ?? DEFAULT_SETTINGS,

    async changeSettings(readerId: ReaderId, patch: Partial<NoticeSettings>) {
      const { quiet_from, quiet_to } = patch
      if ((quiet_from === undefined) !== (quiet_to === undefined) || (quiet_from === null) !== (quiet_to === null))
        throw invalid('quiet_from and quiet_to are set together')
      const saved = await saveSettings(db, readerId, patch)
      if (!saved) throw unauthenticated('User must be authorized.')
      return saved
    },

    /** Which of these readers are online, among those who let others see it. */
    async listOnline(viewer: ReaderId, readerIds: ReaderId[]) {
      const visible = await listVisible(db, viewer, readerIds)
      return { online: await presence.listOnline(visible) }
    },
  }
}
