// The API exists in several generations for different clients. They differ in their prefix and in how they write ids: as
// JSON numbers, for clients with a big-number parser, or as text. Each route is declared once and mounted in each generation.

import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { FLAT_PREFIX, type Routes, type Surface } from './routes.ts'
import { requireSurfaceMinimum } from './surface-minimums.ts'

export interface Generation {
  prefix: string
  ids: 'numbers' | 'text'
  surfaces: Surface[]
}

/** The prefix of our own API, for what the contract of the original lacks. */
export const OWN_PREFIX = '/v1'

export const GENERATIONS: Generation[] = [
  { prefix: '/app/v1_0', ids: 'numbers', surfaces: ['app', 'app v1_0'] },
  { prefix: '/app/v1_1', ids: 'numbers', surfaces: ['app', 'app v1_1'] },
  { prefix: FLAT_PREFIX, ids: 'text', surfaces: ['app', 'app v1_0'] },
  { prefix: '/v1_1', ids: 'numbers', surfaces: ['app', 'app v1_1'] },
  { prefix: '/mp/v1_0', ids: 'numbers', surfaces: ['studio'] },
  { prefix: '/v1_0/mp', ids: 'text', surfaces: ['creator'] },
  { prefix: '/mis/v1_0', ids: 'numbers', surfaces: ['admin'] },
  { prefix: '/v1_0/mis', ids: 'text', surfaces: ['admin'] },
  { prefix: OWN_PREFIX, ids: 'text', surfaces: ['own'] },
  { prefix: `${OWN_PREFIX}/admin`, ids: 'text', surfaces: ['own admin'] },
  { prefix: '', ids: 'text', surfaces: ['files'] },
]

/** For responses that are spliced from ready JSON instead of serialised. */
const WRITE_ID = { numbers: (id: bigint) => id.toString(), text: (id: bigint) => `"${id}"` }

/** Fastify compares a plugin that has no name with every loaded module to find one, half a millisecond for each. */
const withName = (plugin: FastifyPluginAsync) => Object.assign(plugin, { [Symbol.for('fastify.display-name')]: 'routes' })

export function mountGenerations(server: FastifyInstance, routes: { surface: Surface; routes: Routes }[]): void {
  for (const generation of GENERATIONS) {
    void server.register(
      withName(async scope => {
        scope.decorate('writeId', WRITE_ID[generation.ids])
        scope.addHook('onRoute', route => {
          const response = route.schema?.response
          if (!response) return
          // A spliced response skips the serialiser; its schema is for the documentation.
          route.schema = { ...route.schema, response: writeIds(response, generation.ids), tags: [generation.prefix || '/'] }
        })
        for (const { surface, routes: addRoutes } of routes) {
          if (!generation.surfaces.includes(surface)) continue
          void scope.register(
            withName(async surfaceScope => {
              requireSurfaceMinimum(surfaceScope, surface)
              await addRoutes(surfaceScope)
            }),
          )
        }
      }),
      { prefix: generation.prefix },
    )
  }
}

/** What is made of a schema is made once: it is the same object in all generations that write ids alike. */
const written = { numbers: new WeakMap<object, unknown>(), text: new WeakMap<object, unknown>() }

/** The response schema with every id as a JSON integer or a string. */
function writeIds(schema: unknown, form: Generation['ids']): unknown {
  if (Array.isArray(schema)) return schema.map(part => writeIds(part, form))
  if (typeof schema !== 'object' || schema === null) return schema
  if ('wire' in schema && schema.wire === 'id')
    return { type: form === 'text' ? 'string' : 'integer', ...('orNull' in schema ? { nullable: true } : {}) }
  const known = written[form].get(schema)
  if (known !== undefined) return known
  const made = Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, writeIds(part, form)]))
  for (const each of [schema, made]) written[form].set(each, made) // HEAD gets the schema that was made for GET
  return made
}
