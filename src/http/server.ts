// The HTTP edge: what holds for every request, whichever feature answers it. Limits, the reader of bodies, who is asking,
// one shape for errors, one access line, CORS, health and metrics. Features add routes; they are mounted per generation.

import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import cors from '@fastify/cors'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Log } from '../base/log.ts'
import type { Metrics } from '../base/metrics.ts'
import { Problem } from '../base/problem.ts'
import { addAuthentication } from './authentication.ts'
import type { Authenticate, AuthenticateAdmin } from './bearer-token.ts'
import { createErrorHandler, NOT_JSON, sendNotFound } from './errors.ts'
import { mountGenerations } from './generations.ts'
import { parseBody } from './json.ts'
import { createLazySerializerCompiler, createLazyValidatorCompiler } from './lazy-compilers.ts'
import { addOpenApi } from './openapi.ts'
import type { Routes, Surface } from './routes.ts'
import { addWireKeyword } from './wire-keyword.ts'

export interface HttpNeeds {
  routes: { surface: Surface; routes: Routes }[]
  authenticate: Authenticate
  authenticateAdmin: AuthenticateAdmin
  /** Adds routes that belong to no generation: health, metrics, pictures. */
  addUnversionedRoutes: (server: FastifyInstance) => Promise<void>
  /** See config.ts. */
  trustProxy: number | string[]
  log: Log
  metrics: Metrics
  version: string
  /** True once the process has been told to stop. */
  draining: () => boolean
}

/** No body of the contract comes near it; pictures come by their own route with their own limit. */
const BODY_BYTES_MAX = 1024 * 1024

export async function createServer(needs: HttpNeeds): Promise<FastifyInstance> {
  const { log, metrics, trustProxy } = needs
  const nextId = requestIds()
  const server = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }), // we write one access line ourselves
    // The library takes no count of hops, since who reaches us past the proxy could make them up. The operator knows.
    trustProxy: typeof trustProxy === 'number' ? (_address: string, hop: number) => hop < trustProxy : trustProxy,
    pluginTimeout: 0, // on a machine that is busy a start takes longer, and that is no mistake in a plugin
    bodyLimit: BODY_BYTES_MAX,
    // The three belong together: Node swaps the first two when headersTimeout is the larger, and looks at neither more
    // often than the third says, so a body that drips in would hold its socket for a minute.
    requestTimeout: 10_000,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 1_000 },
    keepAliveTimeout: 72_000, // longer than the minute of common load balancers: they must not meet a closed socket
    return503OnClosing: false, // a draining process still answers what reaches it
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: 200 },
    rewriteUrl: request => pathOf(request.url ?? '/'),
    genReqId: request => {
      const given = request.headers['x-request-id']
      return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : nextId()
    },
    clientErrorHandler: refuseBrokenRequest,
    // No hook runs for an address that cannot be read, so browsers are allowed to read the refusal here.
    frameworkErrors: (error, request, reply) => createErrorHandler(log)(error, request, reply.header('access-control-allow-origin', '*')),
  })

  server.setValidatorCompiler(
    createLazyValidatorCompiler({
      customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: true, allErrors: false, verbose: true, strict: false },
      plugins: [addWireKeyword as never],
    }),
  )
  server.setSerializerCompiler(createLazySerializerCompiler())
  server.setErrorHandler(createErrorHandler(log))
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    try {
      done(null, parseBody(text as string))
    } catch (err) {
      done(err as Error)
    }
  })

  // Clients that send `null` call it a form. Whatever nothing is called, it is nothing.
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => {
    if (text === '') done(null, null)
    else done(new Problem('unsupported', NOT_JSON))
  })

  await server.register(cors, {
    origin: '*',
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Trace', 'X-Request-Id'],
    exposedHeaders: ['X-Request-Id', 'X-Feed-Source', 'Server-Timing', 'Retry-After'],
    strictPreflight: false, // an OPTIONS that is no preflight does no harm
    maxAge: 86_400, // a day: preflights cost a round trip on every first call otherwise
  })
  addAuthentication(server, needs.authenticate, needs.authenticateAdmin)

  // `?name=` means the same as leaving the name out: several clients send their unset filters so.
  // Hooks that wait for nothing call back instead of promising: there are several on each request.
  server.addHook('preValidation', (request, _reply, done) => {
    const query = request.query as Record<string, unknown> | undefined
    for (const name in query) if (query[name] === '') delete query[name]
    done()
  })
  const durations = metrics.histogram('http_request_duration_seconds', 'Time from request to answer', ['route', 'method', 'status'])
  server.addHook('onSend', (request, reply, payload, done) => {
    reply.header('x-request-id', request.id)
    reply.header('x-content-type-options', 'nosniff')
    if (needs.draining()) reply.header('connection', 'close')
    // Answers of this API end with a new line, as they always have.
    done(null, typeof payload === 'string' && payload.startsWith('{') ? `${payload}\n` : payload)
  })
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none'
    durations.observe(reply.elapsedTime / 1000, [route, request.method, String(reply.statusCode)])
    const ms = Math.round(reply.elapsedTime * 10) / 10
    log.info({ id: request.id, method: request.method, route, status: reply.statusCode, ms }, 'request')
    done()
  })

  await addOpenApi(server, needs.version)
  await needs.addUnversionedRoutes(server)
  mountGenerations(server, needs.routes)
  server.setNotFoundHandler(sendNotFound)
  return server
}

/** Nobody else has the same: a random beginning for each process, counted on. Asking for chance each time costs as much as routing. */
function requestIds(): () => string {
  const process = randomBytes(6).toString('base64url')
  let count = 0
  return () => `${process}${(++count).toString(36)}`
}

/** The address below ours. Proxies may write it whole (RFC 9112 §3.2.2). */
function pathOf(url: string): string {
  const path = url.replace(/^https?:\/\/[^/?]*/i, '')
  // Production builds of two clients put /api before everything and rely on a proxy to take it away again.
  return path.startsWith('/') ? path.replace(/^\/+api(?=\/)/, '') : `/${path}`
}

/** What reaches us is not HTTP, or too slow or too long for it: there is no request yet, only a socket. */
function refuseBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
  const [status, message] =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? ['408 Request Timeout', 'The request took too long to arrive.']
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? ['431 Request Header Fields Too Large', 'The address or the headers are too long.']
        : ['400 Bad Request', 'The request is not valid HTTP.']
  const body = `${JSON.stringify({ message })}\n`
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}
