// Decides from the Authorization header who sent a request, and refuses it if the route's `access` (access.ts) demands more.
// Existing clients act on the status: on 401 they refresh their token and try again, on 403 of that they sign in again.
// Only the route that renews a token reads the header itself, because there it holds a refresh token.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { forbidden, unauthenticated } from '../base/problem.ts'
import { ANONYMOUS, type Viewer, viewerOfDevice } from '../base/viewer.ts'
import type { Access } from './access.ts'
import { type AdminIdentity, type Authenticate, type AuthenticateAdmin, bearerTokenIn, type ReaderTokenResult } from './bearer-token.ts'

export function addAuthentication(server: FastifyInstance, authenticate: Authenticate, authenticateAdmin: AuthenticateAdmin): void {
  server.decorateRequest('viewer', null as never) // set by the hook below before anything reads it
  server.decorateRequest('access', 'public') // of an unknown path; its answer is a 404
  server.decorateRequest('route', 'none')
  server.decorateRequest('session', undefined)
  server.decorateRequest('administrator', undefined)
  // With a callback: requests that have no token do not wait for a promise.
  server.addHook('onRequest', (request, _reply, done) => {
    const { url, config } = request.routeOptions // Fastify makes them at each access
    const access = config.access ?? 'public'
    request.access = access
    request.route = url ?? 'none'
    request.viewer = ANONYMOUS // of a request that is refused, too: it is counted
    const needsNone = access === 'public' || (access !== 'admin' && !isSignInRequired(access) && !request.headers.authorization)
    if (needsNone) return done()
    identify(request, access).then(() => done(), done)
  })

  async function identify(request: FastifyRequest, access: Access): Promise<void> {
    if (access === 'admin') request.administrator = await authenticateAdministrator(request, authenticateAdmin)
    else request.viewer = await authenticateViewer(request, access, authenticate)
  }
}

const isSignInRequired = (access: Access) => access === 'login' || access === 'studio'

async function authenticateViewer(request: FastifyRequest, access: Access, authenticate: Authenticate): Promise<Viewer> {
  const header = request.headers.authorization
  const badToken = access === 'optional' ? 'Token has some errors.' : 'User must be authorized.'
  const signInRequired = isSignInRequired(access)
  if (header === undefined || header === '') {
    if (signInRequired) throw unauthenticated(badToken)
    return ANONYMOUS
  }
  // The id is missing if the client's variable was empty.
  const [isDevice, deviceId = ''] = /^Anony(?:\s+(.*))?$/i.exec(header) ?? []
  if (isDevice !== undefined) {
    if (signInRequired) throw unauthenticated(badToken)
    const viewer = viewerOfDevice(deviceId.trim())
    if (viewer) return viewer
    if (access === 'optional') throw unauthenticated(badToken)
    return ANONYMOUS
  }
  const token = bearerTokenIn(header)
  const result: ReaderTokenResult = token === undefined ? { kind: 'bad' } : await authenticate(token)
  if (result.kind === 'reader' && (access !== 'studio' || result.verified)) {
    request.session = result.session
    return result.viewer
  }
  if (access === 'open') return ANONYMOUS
  if (result.kind === 'reader') throw forbidden('User must be real info verified.')
  if (result.kind === 'frozen') throw forbidden('User denied.')
  if (result.kind === 'refresh' && signInRequired) throw forbidden('Do not use refresh token.')
  throw unauthenticated(badToken)
}

async function authenticateAdministrator(
  { headers, routeOptions }: FastifyRequest,
  authenticate: AuthenticateAdmin,
): Promise<AdminIdentity> {
  const token = bearerTokenIn(headers.authorization)
  const result = token === undefined ? undefined : await authenticate(token)
  if (result?.kind === 'administrator' || (result?.kind === 'second-factor-missing' && routeOptions.config.isSecondFactorSetup)) {
    const { permission } = routeOptions.config
    if (permission === undefined || (permission !== null && !result.allows(permission))) throw forbidden('Permission denied.')
    return { id: result.id, name: result.name, session: result.session }
  }
  if (result?.kind === 'second-factor-missing') throw forbidden('Set up a second factor first.')
  if (result?.kind === 'refresh') throw forbidden('Do not use refresh token.')
  if (result?.kind === 'gone') throw forbidden('Administrator does not exist.')
  if (result?.kind === 'group-disabled') throw forbidden('Group status disable.')
  throw unauthenticated('Administrator must be authorized.')
}
