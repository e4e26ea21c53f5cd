// The framework alone: a Fastify server with one route that sends the same bytes, without a hook or a schema.

import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'

const bytes = readFileSync(process.argv[2] as string)
const server = Fastify()
server.get('/', (_request, reply) => reply.type('application/json; charset=utf-8').send(bytes))
await server.listen({ port: 0, host: '127.0.0.1' })
process.stdout.write(`ready http://127.0.0.1:${(server.server.address() as AddressInfo).port}\n`)
process.once('SIGTERM', () => process.exit())
