// The least access that routes of a surface may declare: a route that declares less stops the start. The exceptions of a
// surface are listed here and not at the route, so that a feature cannot grant itself one.

import type { FastifyInstance } from 'fastify'
import { type Access, namesOf } from './access.ts'
import type { Surface } from './routes.ts'

/** From the weakest to the strictest. */
const ORDER: Access[] = ['public', 'open', 'optional', 'login', 'studio', 'admin']

export interface SurfaceRule {
  minimum: Access
  /** Routes that may declare less, as `METHOD /path`. GET includes its HEAD route. */
  exceptions: string[]
}

const TOKENS = ['POST /authorizations', 'PUT /authorizations'] // who calls them has no valid token yet
const BEFORE_SIGN_IN = [...TOKENS, 'GET /sms/codes/:mobile', 'GET /channels']
const APP: SurfaceRule = { minimum: 'open', exceptions: BEFORE_SIGN_IN }

export const SURFACE_RULES: Record<Surface, SurfaceRule> = {
  app: APP,
  'app v1_0': APP,
  'app v1_1': APP,
  studio: { minimum: 'studio', exceptions: BEFORE_SIGN_IN },
  creator: { minimum: 'login', exceptions: [] }, // every reader may write: a review decides
  admin: { minimum: 'admin', exceptions: [...TOKENS, 'GET /captchas/:account', 'GET /administrators/init', 'GET /authorizations'] },
  own: { minimum: 'optional', exceptions: [] },
  'own admin': { minimum: 'admin', exceptions: [] },
  files: { minimum: 'public', exceptions: [] }, // browsers send no token for an image
}

/** Checks every route that is added to the scope of a surface from now on. */
export function requireSurfaceMinimum(scope: FastifyInstance, surface: Surface): void {
  const { minimum, exceptions } = SURFACE_RULES[surface]
  scope.addHook('onRoute', route => {
    const access = route.config?.access as Access
    if (ORDER.indexOf(access) >= ORDER.indexOf(minimum)) return
    if (namesOf(route, route.routePath).every(name => exceptions.includes(name.replace(/^HEAD /, 'GET ')))) return
    throw new Error(`${namesOf(route, route.url).join(', ')} declares ${access}, but the surface ${surface} demands at least ${minimum}`)
  })
}
