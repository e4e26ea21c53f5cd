// The same API exists in several generations, which differ in two things only: their prefix, and whether ids are written
// as JSON numbers (for clients with a big-number parser) or as text. Routes are written once and mounted once for each.

import type { FastifyInstance } from 'fastify'
import type { Routes, Surface } from './routes.ts'

export interface Generation {
  prefix: string
  ids: 'numbers' | 'text'
  surfaces: Surface[]
}

/** The prefix of our own generation. */
export const OWN_PREFIX = '/v1'

export const GENERATIONS: Generation[] = [
  { prefix: '/app/v1_0', ids: 'numbers', surfaces: ['app', 'app v1_0'] },
  { prefix: '/app/v1_1', ids: 'numbers', surfaces: ['app', 'app v1_1'] },
  { prefix: '/v1_0', ids: 'text', surfaces: ['app', 'app v1_0'] },
  { prefix: '/v1_1', ids: 'numbers', surfaces: ['app', 'app v1_1'] },
  { prefix: '/mp/v1_0', ids: 'numbers', surfaces: ['studio'] },
  { prefix: '/mis/v1_0', ids: 'numbers', surfaces: ['admin'] },
  // Our own, for what the contract lacks: http/errors.ts has more to say there.
  { prefix: OWN_PREFIX, ids: 'text', surfaces: ['own'] },
  { prefix: `${OWN_PREFIX}/admin`, ids: 'text', surfaces: ['own admin'] },
  { prefix: '', ids: 'text', surfaces: ['files'] },
]

/** For bodies that are spliced instead of serialised. */
const WRITE_ID = { numbers: (id: bigint) => id.toString(), text: (id: bigint) => `"${id}"` }

export function mountGenerations(server: FastifyInstance, routes: { surface: Surface; routes: Routes }[]): void {
  for (const generation of GENERATIONS) {
    void server.register(
      async scope => {
        scope.decorate('writeId', WRITE_ID[generation.ids])
        scope.addHook('onRoute', route => {
          const response = route.schema?.response
          if (!response) return
          // Bodies spliced from ready-made text still say in the documentation what they hold.
          route.schema = { ...route.schema, response: writeIds(response, generation.ids), tags: [generation.prefix || '/'] }
        })
        for (const one of routes) if (generation.surfaces.includes(one.surface)) void scope.register(one.routes)
      },
      { prefix: generation.prefix },
    )
  }
}

/** A response schema in which every id is a JSON integer or a string. */
function writeIds(schema: unknown, form: Generation['ids']): unknown {
  if (Array.isArray(schema)) return schema.map(part => writeIds(part, form))
  if (typeof schema !== 'object' || schema === null) return schema
  if ('wire' in schema && schema.wire === 'id')
    return { type: form === 'text' ? 'string' : 'integer', ...('orNull' in schema ? { nullable: true } : {}) }
  return Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, writeIds(part, form)]))
}
