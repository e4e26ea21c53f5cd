// Which methods a path has. A request with another one is answered with 405 and lists them (RFC 9110 §15.5.6).

import type { FastifyInstance } from 'fastify'

export type MethodsOf = (url: string) => string[]

/** Collects every route that is added to the server from now on. */
export function collectMethods(server: FastifyInstance): MethodsOf {
  const byPattern = new Map<string, { path: RegExp; methods: Set<string> }>()
  server.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return // the web app answers GET for any path
    const known = byPattern.get(url) ?? { path: toPath(url), methods: new Set() }
    for (const each of [method].flat()) known.methods.add(each)
    byPattern.set(url, known)
  })
  return url => {
    const path = url.replace(/[?#].*$/s, '').replace(/\/{2,}/g, '/')
    const found = [...byPattern].filter(([, known]) => known.path.test(path))
    // As the router: `/comments/status` is not the comment with the id `status`.
    const exact = found.filter(([pattern]) => !pattern.includes(':'))
    return [...new Set((exact.length > 0 ? exact : found).flatMap(([, { methods }]) => [...methods]))].toSorted()
  }
}

/** As the router: one slash more at the end is ignored. */
const toPath = (url: string) => new RegExp(`^${url.replace(/[.+()]/g, '\\$&').replace(/:[^/]+/g, '[^/]+')}/?$`)
