// Who an administrator is and what they may do, for the screens that are offered to them.

import { administratorOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope } from '../../http/wire.ts'
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
  }
