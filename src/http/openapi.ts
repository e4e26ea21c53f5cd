// /openapi.json and /docs, made from the very schemas that validate requests and write answers, so they cannot drift.

import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import type { Refusal } from './wire.ts'

export async function addOpenApi(server: FastifyInstance, version: string): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Broadsheet', version, description: 'A self-hosted, personalised news feed.' },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
    transform: ({ schema, url, route }) => {
      const access = route.config?.access ?? 'open'
      const secured = access === 'login' || access === 'studio' || access === 'admin' ? { security: [{ token: [] }] } : {}
      return { url, schema: { ...(plain(schema) as object), ...secured } }
    },
  })
  await server.register(swaggerUi, { routePrefix: '/docs', staticCSP: true })
  server.get('/openapi.json', { schema: { hide: true } }, async () => server.swagger())
}

/** Shows our keyword as the plain type it stands for, and leaves out what only we read. */
function plain(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(plain)
  if (typeof schema !== 'object' || schema === null) return schema
  const { refusal: _, ...shown } = schema as Partial<Refusal>
  if (!('wire' in shown)) return Object.fromEntries(Object.entries(shown).map(([key, part]) => [key, plain(part)]))
  const { wire, ...limits } = shown as { wire: string }
  if (wire === 'bool') return { type: 'boolean' }
  if (wire === 'id') return { type: 'string', pattern: '^[0-9]{1,19}$', description: 'An id; a JSON number is taken as well.' }
  return { type: 'integer', format: 'int64', ...limits }
}
