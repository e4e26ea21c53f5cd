import { Type } from 'typebox'
import type { ReaderId } from '../../base/id.ts'
import { clientOf } from '../../base/network.ts'
import { operatorOf, readerOf, sessionOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Id, NO_CONTENT, Optional } from '../../http/wire.ts'
import { Code, Mobile } from './accounts.schema.ts'
import type { MobileChange } from './mobile-change.ts'

const CodeBody = Type.Union([Type.Object({ mobile: Optional(Mobile) }), Type.Null()])
const ChangeBody = Type.Object({ mobile: Mobile, old_code: Code, new_code: Code })

export const mobileChangeRoutes =
  (mobileChange: MobileChange): Routes =>
  async server => {
    server.post(
      '/me/mobile-codes',
      { config: { access: 'login', refuses: ['invalid'] }, schema: { body: CodeBody, response: NO_CONTENT } },
      async (request, reply) => {
        await mobileChange.sendCode(readerOf(request), request.body?.mobile, clientOf(request.ip))
        return reply.code(204).send(null)
      },
    )

    // Signs the reader out everywhere else.
    server.put(
      '/me/mobile',
      { config: { access: 'login', refuses: ['invalid', 'conflict', 'too-many'] }, schema: { body: ChangeBody, response: NO_CONTENT } },
      async (request, reply) => {
        const { mobile, old_code: oldCode, new_code: newCode } = request.body
        const reader = { id: readerOf(request), session: sessionOf(request) }
        await mobileChange.confirm(reader, { mobile, oldCode, newCode }, clientOf(request.ip))
        return reply.code(204).send(null)
      },
    )
  }

/** For administrators: a reader has lost their number. Signs the reader out everywhere. */
export const mobileRecoveryRoutes =
  (mobileChange: MobileChange): Routes =>
  async server => {
    server.put(
      '/readers/:id/mobile',
      {
        config: { access: 'admin', permission: 'mobile-put', refuses: ['conflict'] },
        schema: { params: Type.Object({ id: Id<ReaderId>() }), body: Type.Object({ mobile: Mobile }), response: NO_CONTENT },
      },
      async (request, reply) => {
        await mobileChange.replace(operatorOf(request), request.params.id, request.body.mobile)
        return reply.code(204).send(null)
      },
    )
  }
