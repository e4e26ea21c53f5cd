// Who is asking. Every route says by its `access` what it demands (base/part.ts); this is where the
// Authorization header is judged (only renewing a token reads it by itself: there it bears the other kind), and its answers
// are those existing clients act on: 401 means "refresh your token and try again",
// 403 on a refresh means "sign in anew".

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { forbidden, unauthenticated } from '../base/problem.ts'
import { ANONYMOUS, DEVICE_ID, type Viewer } from '../base/viewer.ts'
import type { Access } from './access.ts'
import { type AdminIdentity, type Authenticate, type AuthenticateAdmin, bearerTokenIn, type ReaderTokenResult } from './bearer-token.ts'

export function addAuthentication(server: FastifyInstance, authenticate: Authenticate, authenticateAdmin: AuthenticateAdmin): void {
  server.decorateRequest('viewer', null as never) // set by the hook below before anything reads it
  server.decorateRequest('administrator', undefined)
  server.addHook('onRequest', async request => {
    const access = request.routeOptions.config.access ?? 'open'
    request.viewer = access === 'admin' || access === 'none' ? ANONYMOUS : await authenticateViewer(request, access, authenticate)
    if (access === 'admin') request.administrator = await authenticateAdministrator(request, authenticateAdmin)
  })
}

async function authenticateViewer(request: FastifyRequest, access: Access, authenticate: Authenticate): Promise<Viewer> {
  const header = request.headers.authorization
  const bad = access === 'optional' ? 'Token has some errors.' : 'User must be authorized.'
  const demanded = access === 'login' || access === 'studio'
  if (header === undefined || header === '') {
    if (demanded) throw unauthenticated(bad)
    return ANONYMOUS
  }
  const device = /^Anony\s+(.*)$/i.exec(header)?.[1]?.trim()
  if (device !== undefined) {
    if (demanded) throw unauthenticated(bad)
    if (DEVICE_ID.test(device)) return { kind: 'device', id: device }
    if (access === 'optional') throw unauthenticated(bad)
    return ANONYMOUS
  }
  const token = bearerTokenIn(header)
  const bearer: ReaderTokenResult = token === undefined ? { kind: 'bad' } : await authenticate(token)
  if (bearer.kind === 'reader' && (access !== 'studio' || bearer.verified)) return bearer.viewer
  if (access === 'open') return ANONYMOUS
  if (bearer.kind === 'reader') throw forbidden('User must be real info verified.')
  if (bearer.kind === 'frozen') throw forbidden('User denied.')
  if (bearer.kind === 'refresh' && demanded) throw forbidden('Do not use refresh token.')
  throw unauthenticated(bad)
}

async function authenticateAdministrator({ headers }: FastifyRequest, authenticate: AuthenticateAdmin): Promise<AdminIdentity> {
  const token = bearerTokenIn(headers.authorization)
  const bearer = token === undefined ? undefined : await authenticate(token)
  if (bearer?.kind === 'administrator') return { id: bearer.id, session: bearer.session }
  if (bearer?.kind === 'refresh') throw forbidden('Do not use refresh token.')
  if (bearer?.kind === 'gone') throw forbidden('Administrator does not exist.')
  throw unauthenticated('Administrator must be authorized.')
}
