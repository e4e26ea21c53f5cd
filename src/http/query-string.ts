// The query of a request, decoded once for all routes. A route refuses a parameter of its own that is not UTF-8. Parameters it
// does not know are ignored: links carry those of other sites, in other encodings.

import { parse } from 'node:querystring'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { invalid } from '../base/problem.ts'

/** Stands for a value that is not UTF-8. No escape decodes to it, because UTF-8 cannot write half a character. */
const UNDECODABLE = '\ud800'

/** A `%` without two digits after it is itself: some clients write `q=100%`. */
function decode(text: string): string {
  if (!text.includes('%')) return text // most values; this runs for each of them
  try {
    return decodeURIComponent(text.replace(/%(?![\da-f]{2})/gi, '%25'))
  } catch {
    return UNDECODABLE
  }
}

export const parseQuery = (text: string): Record<string, unknown> => parse(text, '&', '=', { decodeURIComponent: decode })

/** `?name=` counts as missing: several clients send unset filters this way. */
export function addQueryRules(server: FastifyInstance): void {
  // A callback is faster than a promise, and this runs for each request.
  server.addHook('onRequest', (request, _reply, done) => {
    const query = request.query as Record<string, unknown>
    for (const name in query) {
      const value = query[name]
      if (value === '') delete query[name]
      // A parameter that is given twice has a list of values.
      else if ((value === UNDECODABLE || (Array.isArray(value) && value.includes(UNDECODABLE))) && isDeclared(request, name))
        return done(invalid(`${name} is not valid UTF-8`))
    }
    done()
  })
}

function isDeclared(request: FastifyRequest, name: string): boolean {
  const schema = request.routeOptions.schema?.querystring as { properties?: object } | undefined
  return Object.hasOwn(schema?.properties ?? {}, name)
}
