// What the law gives every reader, under /v1: a copy of their data, and the deletion of their account.

import { Readable } from 'node:stream'
import { Type } from 'typebox'
import type { ReaderId } from '../../base/id.ts'
import { type Client, clientOf } from '../../base/network.ts'
import { type RateLimit, type RateLimiter, takePoint } from '../../engines/limits/rate-limiter.ts'
import { readerOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Bytes, Envelope, NO_CONTENT } from '../../http/wire.ts'
import type { ExportReader } from './export.ts'

/** An export reads every row of a reader. */
export const EXPORT_LIMIT: RateLimit = { name: 'export', points: 5, seconds: 3_600 }

export interface PersonalDataNeeds {
  exportReader: ExportReader
  exportLimiter: RateLimiter
  /** Sends a code to the reader's own number. */
  sendDeletionCode: (id: ReaderId, client: Client) => Promise<void>
  /** Throws `invalid` if the code is wrong. */
  checkDeletionCode: (id: ReaderId, code: string, client: Client) => Promise<void>
  /** Returns when the account will be deleted. The reader is signed out everywhere. */
  scheduleDeletion: (id: ReaderId) => Promise<Date>
}

const DeletionBody = Type.Object({ code: Type.String({ pattern: '^\\d{6}$' }) })

export const personalDataRoutes =
  ({ exportReader, exportLimiter, sendDeletionCode, checkDeletionCode, scheduleDeletion }: PersonalDataNeeds): Routes =>
  async server => {
    server.get(
      '/me/export',
      {
        config: { access: 'login', refuses: ['not-found', 'too-many'] },
        exposeHeadRoute: false,
        schema: { response: { 200: Bytes('application/json') } },
      },
      async (request, reply) => {
        const id = readerOf(request)
        await takePoint(exportLimiter, id.toString(), 'You can have five copies an hour.')
        const pieces = await exportReader(id)
        return reply
          .header('content-disposition', `attachment; filename="broadsheet-${id}.json"`)
          .header('cache-control', 'no-store')
          .type('application/json; charset=utf-8')
          .send(Readable.from(pieces))
      },
    )

    server.post(
      '/me/deletion-codes',
      { config: { access: 'login', refuses: ['invalid'] }, schema: { response: NO_CONTENT } },
      async (request, reply) => {
        await sendDeletionCode(readerOf(request), clientOf(request.ip))
        return reply.code(204).send(null)
      },
    )

    // Signs the reader out everywhere. A sign-in before the deletion is due cancels it.
    const Due = Type.Object({ deleted_at: Type.String() })
    server.delete(
      '/me',
      {
        config: { access: 'login', refuses: ['invalid', 'not-found', 'too-many'] },
        schema: { body: DeletionBody, response: { 202: Envelope(Due) } },
      },
      async (request, reply) => {
        const id = readerOf(request)
        await checkDeletionCode(id, request.body.code, clientOf(request.ip))
        const due = await scheduleDeletion(id)
        return reply.code(202).send({ message: 'OK', data: { deleted_at: due.toISOString() } })
      },
    )
  }
