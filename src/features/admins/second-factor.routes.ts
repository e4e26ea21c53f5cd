// An administrator's own second factor, under /v1/admin.

import { Type } from 'typebox'
import { administratorOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, NO_CONTENT } from '../../http/wire.ts'
import type { Admins } from './admins.ts'
import { Enrolment, RecoveryCodes, SecondFactorState } from './second-factor.schema.ts'

const Password = Type.String({ minLength: 1, maxLength: 200 })
const Code = Type.String({ minLength: 6, maxLength: 40 }) // six digits, or a recovery code

export const secondFactorRoutes =
  ({ secondFactor }: Admins): Routes =>
  async server => {
    const config = { access: 'admin', permission: null, isSecondFactorSetup: true } as const

    server.get('/second-factor', { config, schema: { response: { 200: Envelope(SecondFactorState) } } }, async request => ({
      message: 'OK' as const,
      data: await secondFactor.find(administratorOf(request).id),
    }))

    server.post(
      '/second-factor',
      { config, schema: { body: Type.Object({ password: Password }), response: { 201: Envelope(Enrolment) } } },
      async (request, reply) => {
        const data = await secondFactor.begin(administratorOf(request), request.body.password)
        return reply.code(201).header('cache-control', 'no-store').send({ message: 'OK', data })
      },
    )

    server.post(
      '/second-factor/confirmation',
      {
        config: { ...config, refuses: ['not-found'] },
        schema: { body: Type.Object({ code: Code }), response: { 201: Envelope(RecoveryCodes) } },
      },
      async (request, reply) => {
        const recovery_codes = await secondFactor.confirm(administratorOf(request), request.body.code)
        return reply.code(201).header('cache-control', 'no-store').send({ message: 'OK', data: { recovery_codes } })
      },
    )

    server.delete(
      '/second-factor',
      {
        config: { ...config, refuses: ['too-many'] },
        schema: { body: Type.Object({ password: Password, code: Code }), response: NO_CONTENT },
      },
      async (request, reply) => {
        await secondFactor.remove(administratorOf(request), request.body.password, request.body.code)
        return reply.code(204).send(null)
      },
    )
  }
