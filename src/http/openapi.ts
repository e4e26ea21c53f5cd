// /openapi.json and /docs, generated from the schemas that validate requests and write responses.

import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyContextConfig, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Refusal } from './wire.ts'

export async function addOpenApi(server: FastifyInstance, version: string): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Broadsheet', version, description: 'A self-hosted, personalised news feed.' },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
    transform: ({ schema, url, route }) => {
      const access = route.config?.access
      const secured = access === 'login' || access === 'studio' || access === 'admin' ? { security: [{ token: [] }] } : {}
      return { url, schema: { ...(toStandardSchema(schema) as object), ...secured, ...formOf(route.config?.upload) } }
    },
  })
  // Serialising it takes ten milliseconds, so all requests share the bytes.
  let bytes: Buffer | undefined
  const sendDocument = (_request: FastifyRequest, reply: FastifyReply) => {
    bytes ??= Buffer.from(`${JSON.stringify(server.swagger())}\n`)
    return reply.type('application/json; charset=utf-8').send(bytes)
  }
  server.addHook('onRoute', route => {
    if (route.url === '/docs/json') route.handler = sendDocument
  })
  await server.register(swaggerUi, { routePrefix: '/docs', staticCSP: true })
  server.get('/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, sendDocument)
}

/** A form's fields with files; no schema validates them. */
function formOf(upload: FastifyContextConfig['upload']): object {
  if (!upload?.fields) return {}
  const file = { type: 'string', format: 'binary', maxLength: upload.bytesMax }
  return {
    consumes: ['multipart/form-data'],
    body: { type: 'object', properties: Object.fromEntries(upload.fields.map(name => [name, file])) },
  }
}

/** Replaces our keywords `wire` and `storedMax` by standard ones, and removes `refusal`. */
function toStandardSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(toStandardSchema)
  if (typeof schema !== 'object' || schema === null) return schema
  const { refusal: _, ...shown } = schema as Partial<Refusal>
  if ('storedMax' in shown && 'type' in shown) return { type: shown.type, maxLength: shown.storedMax }
  if (!('wire' in shown)) return Object.fromEntries(Object.entries(shown).map(([key, part]) => [key, toStandardSchema(part)]))
  const { wire, ...limits } = shown as { wire: string }
  if (wire === 'bool') return { type: 'boolean' }
  if (wire === 'id') return { type: 'string', pattern: '^[0-9]{1,19}$', description: 'An id. A JSON number is accepted too.' }
  return { type: 'integer', format: 'int64', ...limits }
}
