// Who an administrator is and what they may do, for the screens that are offered to them.

import { administratorOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, NO_CONTENT } from '../../http/wire.ts'
import type { Admins } from './admins.ts'
import { OwnAdministrator } from './self.schema.ts'

export const selfRoutes =
  (admins: Admins): Routes =>
  async server => {
    server.get(
      '/me',
      {
        config: { access: 'admin', permission: null, isSecondFactorSetup: true },
        schema: { response: { 200: Envelope(OwnAdministrator) } },
      },
      async request => ({ message: 'OK' as const, data: await admins.describe(administratorOf(request)) }),
    )

    // Sign out: here, or everywhere.
    const own = { access: 'admin', permission: null, isSecondFactorSetup: true } as const
    for (const [path, choice] of [
      ['/me/sessions/current', 'current'],
      ['/me/sessions', 'all'],
    ] as const)
      server.delete(path, { config: own, schema: { response: NO_CONTENT } }, async (request, reply) => {
        await admins.signOut(administratorOf(request), choice)
        return reply.code(204).send(null)
      })
  }
