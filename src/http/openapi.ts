// /openapi.json and /docs, generated from the schemas that validate requests and write responses, and from what routes declare
// (refusals.ts).

import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyContextConfig, FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import type { Access } from './access.ts'
import { KEY_PATTERN } from './idempotency.ts'
import { stringify } from './json.ts'
import { NAMED_SCHEMAS, type Place, referToNamedSchemas, toStandardSchema } from './openapi-schema.ts'
import { REFUSAL_RESPONSES, refusalResponsesOf, takesIdempotencyKey } from './refusals.ts'

const DESCRIPTION = `A self-hosted, personalised news feed.

A path that is not listed is answered with 404, a method that a path does not have with 405 and \`Allow\`. Malformed HTTP is answered
with 400, 408 or 431 before a route is looked for. In a query, an empty value counts as missing.`

interface Operation {
  responses: object
  requestBody?: { required: boolean; content: Record<string, { schema?: { anyOf?: { type?: string }[] } }> }
  parameters?: { in: string; required: boolean; allowEmptyValue?: boolean }[]
  [REFUSALS]?: object
}
const REFUSALS = 'x-refusals'

export async function addOpenApi(server: FastifyInstance, version: string): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Broadsheet', version, description: DESCRIPTION },
      components: {
        securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
        schemas: NAMED_SCHEMAS as never,
      },
    },
    transform: ({ schema, url, route }) => ({
      url,
      schema: {
        ...standardSchemasOf(schema),
        ...securityOf(route.config?.access),
        ...formOf(route.config?.upload),
        ...(takesIdempotencyKey(route) ? KEY_HEADER : {}),
        [REFUSALS]: refusalResponsesOf(route),
      } as FastifySchema,
    }),
    transformObject: given => finish('openapiObject' in given ? given.openapiObject : {}),
  })
  // Serialising it takes ten milliseconds, so all requests share the bytes.
  let bytes: Buffer | undefined
  const sendDocument = (_request: FastifyRequest, reply: FastifyReply) => {
    bytes ??= Buffer.from(`${stringify(server.swagger())}\n`)
    return reply.type('application/json; charset=utf-8').send(bytes)
  }
  server.addHook('onRoute', route => {
    if (route.url === '/docs/json') route.handler = sendDocument
  })
  await server.register(swaggerUi, { routePrefix: '/docs', staticCSP: true })
  server.get('/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, sendDocument)
}

const PLACES: Record<string, Place> = { body: 'body', querystring: 'address', params: 'address', headers: 'address', response: 'response' }

function standardSchemasOf(schema: FastifySchema = {}): FastifySchema {
  const standard = Object.entries(schema).map(([part, its]) => [part, part in PLACES ? toStandardSchema(its, PLACES[part] as Place) : its])
  return Object.fromEntries(standard)
}

/** `{}`: a token is not demanded. */
function securityOf(access: Access | undefined): object {
  if (access === 'public') return {}
  return { security: access === 'open' || access === 'optional' ? [{}, { token: [] }] : [{ token: [] }] }
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

const KEY_HEADER = { headers: { type: 'object', properties: { 'idempotency-key': { type: 'string', pattern: KEY_PATTERN } } } }

/** Adds what the library cannot be told. */
function finish(document: { paths?: object; components?: object }): object {
  const paths: Record<string, Record<string, Operation>> = structuredClone(document.paths ?? {}) as never
  for (const operation of Object.values(paths).flatMap(methods => Object.values(methods))) {
    operation.responses = { ...operation.responses, ...operation[REFUSALS] }
    delete operation[REFUSALS]
    for (const parameter of operation.parameters ?? [])
      if (parameter.in === 'query' && !parameter.required) parameter.allowEmptyValue = true
    const body = operation.requestBody
    if (body?.content['application/json']?.schema?.anyOf?.some(each => each.type === 'null')) body.required = false
  }
  return referToNamedSchemas({ ...document, paths, components: { ...document.components, responses: REFUSAL_RESPONSES } }) as object
}
