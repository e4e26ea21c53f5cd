// Who may call a route. Deny by default: a route declares it as `config: { access }`, or the server does not start.
// authentication.ts enforces it; surface-minimums.ts says how little a route of each surface may demand.

import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import type { AdministratorId, ReaderId, SessionId } from '../base/id.ts'
import type { PermissionCode } from '../base/permissions.ts'
import { unauthenticated } from '../base/problem.ts'
import type { Viewer } from '../base/viewer.ts'
import type { AdminIdentity, ReaderSession } from './bearer-token.ts'

/**
 * - `login`: signed-in readers.
 * - `studio`: signed-in creators whose identity is verified.
 * - `optional`: everyone, but a bad token is refused. Clients learn this way that their token has expired.
 * - `open`: everyone; a bad token counts as no token.
 * - `admin`: administrators, who have tokens of their own.
 * - `public`: everyone gets the same; no token is read.
 */
export type Access = 'login' | 'studio' | 'optional' | 'open' | 'admin' | 'public'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /** What the administrator's group must allow. Null: every administrator may call it, about themself. */
    permission?: PermissionCode | null
    /** Open to administrators who must set up a second factor before anything else. */
    isSecondFactorSetup?: boolean
  }
  interface FastifyRequest {
    /** That of the route. */
    access: Access
    /** The path as the route declares it. */
    route: string
    viewer: Viewer
    /** Set if `viewer` is a reader. */
    session: ReaderSession | undefined
    /** Set where `access` is `admin`. */
    administrator: AdminIdentity | undefined
  }
  interface FastifyInstance {
    /** Writes an id in the form of this prefix: as a JSON number or as JSON text. */
    writeId: (id: bigint) => string
  }
}

/** Routes of libraries, which cannot declare an access: preflight requests and the pages of the API documentation. */
const LIBRARY_ROUTES = /^(OPTIONS \*|(GET|HEAD) \/docs(\/.*)?)$/

/** Checks every route that is added to the server from now on. */
export function requireDeclaredAccess(server: FastifyInstance): void {
  server.addHook('onRoute', route => {
    const names = namesOf(route, route.url)
    if (names.every(name => LIBRARY_ROUTES.test(name))) route.config = { ...route.config, access: 'public' }
    else if (!route.config?.access) throw new Error(`${names.join(', ')} declares no access`)
    else if (route.config.access === 'admin' && route.config.permission === undefined)
      throw new Error(`${names.join(', ')} declares no permission`)
  })
}

/** `METHOD /path`, for each of its methods. */
export const namesOf = ({ method }: Pick<RouteOptions, 'method'>, path: string) => [method].flat().map(each => `${each} ${path}`)

/** The reader of a route whose access is `login` or `studio`. */
export function readerOf(request: FastifyRequest): ReaderId {
  if (request.viewer.kind !== 'reader') throw unauthenticated('User must be authorized.')
  return request.viewer.id
}

/** The session of a reader on such a route. */
export function sessionOf(request: FastifyRequest): SessionId {
  if (!request.session) throw unauthenticated('User must be authorized.')
  return request.session.id
}

/** The administrator of a route whose access is `admin`. */
export function administratorOf(request: FastifyRequest): AdminIdentity {
  if (!request.administrator) throw unauthenticated('Administrator must be authorized.')
  return request.administrator
}

/** Who the operation log names, and from where. */
export interface Operator {
  /** Null at the command line. */
  id: AdministratorId | null
  name: string
  ip: string
}

export function operatorOf(request: FastifyRequest): Operator {
  const { id, name } = administratorOf(request)
  return { id, name, ip: request.ip }
}

export const COMMAND_LINE: Operator = { id: null, name: 'command line', ip: '' }
