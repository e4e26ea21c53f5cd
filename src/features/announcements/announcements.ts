// Announcements: what the operators tell all readers. Administrators write them, in the back office or at the command line.

import type { AnnouncementId } from '../../base/id.ts'
import { invalid, notFound } from '../../base/problem.ts'
import { sanitizeHtml } from '../../base/sanitize-html.ts'
import { normalizeLine } from '../../base/text.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Operator } from '../../http/access.ts'
import { type PagingParams, toOffsetLimit, toPagedResponse } from '../../http/paging.ts'
import type { OperationLog } from '../admins/operation-log.ts'
import {
  type AnnouncementHead,
  countAnnouncements,
  deleteAnnouncement,
  findAnnouncement,
  insertAnnouncement,
  listAnnouncements,
} from './announcements.sql.ts'

export type Announcements = ReturnType<typeof createAnnouncements>

export interface AnnouncementsNeeds {
  db: Db
  newId: () => bigint
  localTime: (date: Date) => string
  operationLog: OperationLog
}

export const TITLE_MAX = 100

export function createAnnouncements({ db, newId, localTime, operationLog }: AnnouncementsNeeds) {
  const toHead = ({ id, title, published_at }: AnnouncementHead) => ({ id, title, pubdate: localTime(published_at) })

  return {
    async list(paging: PagingParams) {
      const [rows, total] = await Promise.all([listAnnouncements(db, toOffsetLimit(paging)), countAnnouncements(db)])
      return toPagedResponse(paging, total, rows.map(toHead))
    },

    async get(id: AnnouncementId) {
      const row = await findAnnouncement(db, id)
      if (!row) throw invalid('Invalid announcement.')
      return { ...toHead(row), content: row.html }
    },

    /** `text` is HTML, or plain text whose empty lines separate paragraphs. */
    async add(operator: Operator, typed: string, text: string): Promise<AnnouncementId> {
      const title = normalizeLine('title', typed, TITLE_MAX)
      const html = sanitizeHtml(/<[a-z][^>]*>/i.test(text) ? text : toParagraphs(text))
      if (html.trim() === '') throw invalid('the text is empty')
      const id = newId() as AnnouncementId
      await operationLog.change(operator, async (tx, note) => {
        await insertAnnouncement(tx, { id, title, html })
        note({ operation: 'add announcement', description: `${id} ${title}`, after: { title, content: html } })
      })
      return id
    },

    async remove(operator: Operator, id: AnnouncementId): Promise<void> {
      await operationLog.change(operator, async (tx, note) => {
        const removed = await deleteAnnouncement(tx, id)
        if (!removed) throw notFound(`there is no announcement ${id}`)
        const { title, html } = removed
        note({ operation: 'delete announcement', description: `${id} ${title}`, before: { title, content: html } })
      })
    },
  }
}

const toParagraphs = (text: string) =>
  text
    .split(/\n\s*\n/)
    .map(part => part.trim())
    .filter(Boolean)
    .map(part => `<p>${part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\n', '<br>')}</p>`)
    .join('')
