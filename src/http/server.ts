// The HTTP server: limits, body parsing, CORS, authentication, errors, the access log line and metrics. All of it applies to
// every request, whichever feature answers it.

import { randomBytes } from 'node:crypto'
import cors from '@fastify/cors'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import type { Log } from '../base/log.ts'
import type { Metrics } from '../base/metrics.ts'
import { clientNetwork } from '../base/network.ts'
import { Problem } from '../base/problem.ts'
import { createSecurityLog } from '../base/security-log.ts'
import type { Viewer } from '../base/viewer.ts'
import { requireDeclaredAccess } from './access.ts'
import { addAuthentication } from './authentication.ts'
import type { Authenticate, AuthenticateAdmin } from './bearer-token.ts'
import { boundsFor, createBoundedServer } from './bounded-server.ts'
import { createErrorHandler, createNotFoundHandler, NOT_JSON } from './errors.ts'
import { mountGenerations } from './generations.ts'
import { addIdempotency, type IdempotencyNeeds } from './idempotency.ts'
import { decodeBody, parseBody } from './json.ts'
import { createLazySerializerCompiler, createLazyValidatorCompiler } from './lazy-compilers.ts'
import { refuseMalformedRequest } from './malformed-http.ts'
import { collectMethods } from './methods.ts'
import { hasBody, limitBodyTime, limitUploads, UPLOAD_TIMEOUT_MS } from './multipart.ts'
import { addOpenApi } from './openapi.ts'
import { addQueryRules, parseQuery } from './query-string.ts'
import type { Routes, Surface } from './routes.ts'
import type { SocketEndpoint } from './sockets/endpoint.ts'
import { acceptsPage } from './static.ts'
import { addWireKeyword } from './wire-keyword.ts'

export interface HttpNeeds {
  routes: { surface: Surface; routes: Routes }[]
  authenticate: Authenticate
  authenticateAdmin: AuthenticateAdmin
  idempotency: IdempotencyNeeds
  /** Adds routes that belong to no generation: health, metrics, the web app. */
  addUnversionedRoutes: (server: FastifyInstance) => Promise<void>
  /** Only in a process with the role `realtime`. */
  sockets?: SocketEndpoint
  /** Config.trustProxy. */
  trustProxy: number | string[]
  /** Whether clients reach this server over TLS. */
  isSecure: boolean
  log: Log
  metrics: Metrics
  version: string
  /** Called for each request of a reader, a device or an anonymous viewer that has been answered. */
  recordVisit(viewer: Viewer, address: string): void
  /** True while the process is stopping. */
  draining: () => boolean
}

/** A comment of 2,000 characters, each written as a JSON escape, has 24 KB. A route that takes more declares its `bodyLimit`. */
const BODY_BYTES_MAX = 64 * 1024

const TIMEOUTS = {
  // Node swaps the first two if headersTimeout is larger, and checks both only once in connectionsCheckingInterval.
  requestTimeout: UPLOAD_TIMEOUT_MS, // every other request has BODY_TIMEOUT_MS
  headersTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 72_000, // load balancers often keep connections for 60 s; they must close first
}

const BODY_TIMEOUT_MS = 10_000

/** Pages of every site may use the API: only the header Authorization gives rights. */
const FOR_OTHER_SITES = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'X-Request-Id, X-Feed-Source, X-Search-Source, Server-Timing, Retry-After, Idempotency-Replayed',
}

/** A year: what lists of such sites demand (hstspreload.org). */
const HSTS = 'max-age=31536000'

export async function createServer(needs: HttpNeeds): Promise<FastifyInstance> {
  const { log, trustProxy, sockets } = needs
  const nextId = createRequestIds()
  const server: FastifyInstance = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    childLoggerFactory: logger => logger, // nothing logs by it: a logger for each request would be made in vain
    logController: new LogController({ disableRequestLogging: true }), // the onResponse hook below writes the access line
    // A number of trusted hops: Fastify takes a function for that. Without one it does not look at the headers of proxies.
    trustProxy: typeof trustProxy === 'number' ? trustProxy > 0 && ((_address: string, hop: number) => hop < trustProxy) : trustProxy,
    pluginTimeout: 0, // on a busy machine a plugin may load slowly
    bodyLimit: BODY_BYTES_MAX,
    serverFactory: handle => createBoundedServer(handle, TIMEOUTS, boundsFor(trustProxy), sockets),
    return503OnClosing: false, // a draining process still answers requests
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: 200, querystringParser: parseQuery },
    rewriteUrl: ({ url = '/', headers }) => (isReadable(url) || !acceptsPage(headers) ? pathOf(url) : NO_PAGE),
    genReqId: request => {
      const given = request.headers['x-request-id']
      return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : nextId()
    },
    clientErrorHandler: refuseMalformedRequest,
    // No hook runs for a malformed URL.
    frameworkErrors: (error, request, reply) => answerError(error, request, reply.headers(FOR_OTHER_SITES)),
  })

  server.setValidatorCompiler(
    createLazyValidatorCompiler({
      customOptions: {
        coerceTypes: false,
        removeAdditional: false,
        useDefaults: true,
        allErrors: false,
        verbose: true,
        strict: false,
        validateSchema: false,
      },
      plugins: [addWireKeyword as never],
    }),
  )
  server.setSerializerCompiler(createLazySerializerCompiler())
  addBodyParsers(server)
  requireDeclaredAccess(server)
  const answerNotFound = createNotFoundHandler(collectMethods(server))
  const answerError = createErrorHandler(log, answerNotFound)
  server.setNotFoundHandler(answerNotFound)
  server.setErrorHandler(answerError)
  await addPreflight(server)
  server.addHook('onRequest', (request, reply, done) => {
    reply.headers(FOR_OTHER_SITES)
    if (request.is404)
      answerNotFound(request, reply) // before the body is read: its type does not matter
    else done()
  })
  limitBodyTime(server, BODY_TIMEOUT_MS)
  addAuthentication(server, needs.authenticate, needs.authenticateAdmin)
  // Before the body is read. As more hooks of the first kind, because each kind of hook costs a request some tenths of a microsecond.
  server.addHook('onRequest', refuseCompressed)
  limitUploads(server)
  addQueryRules(server)

  addIdempotency(server, needs.idempotency) // before the hooks that complete an answer
  addRequestHooks(server, needs)
  await addOpenApi(server, needs.version)
  await needs.addUnversionedRoutes(server)
  mountGenerations(server, needs.routes)
  return server
}

/** What browsers ask before requests to another site. In a scope of its own, because the hook of the library costs each request that it sees. */
async function addPreflight(server: FastifyInstance): Promise<void> {
  await server.register(async scope => {
    await scope.register(cors, {
      origin: '*',
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      // allowedHeaders is left out: whatever header a client asks for is allowed. None gives rights but Authorization.
      strictPreflight: false, // other OPTIONS requests are harmless
      maxAge: 86_400, // a day; each preflight costs a round trip
    })
  })
}

/** A random prefix for this process and a counter. A random id for each request would cost as much as routing it. */
function createRequestIds(): () => string {
  const prefix = randomBytes(6).toString('base64url')
  let count = 0
  return () => `${prefix}${(++count).toString(36)}`
}

/** The path of a request URL. Proxies may send an absolute URL (RFC 9112 §3.2.2). */
function pathOf(url: string): string {
  const path = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?]*/i, '')
  // Production builds of two clients prefix every path with /api and expect a proxy to remove it.
  return path.startsWith('/') ? path.replace(/^\/+api(?=\/)/, '') : `/${path}`
}

/** What a browser gets for an address that is no UTF-8: the app, which says that there is no such page. */
const NO_PAGE = '/%EF%BF%BD'

function isReadable(url: string): boolean {
  if (!url.includes('%')) return true
  try {
    decodeURIComponent(url.split('?', 1)[0] as string)
    return true
  } catch {
    return false
  }
}

function addBodyParsers(server: FastifyInstance): void {
  server.removeAllContentTypeParsers()
  // As bytes: Fastify's decoder puts U+FFFD in the place of what is not UTF-8, and that would be stored.
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    try {
      done(null, parseBody(decodeBody(bytes as Buffer, request.headers['content-type'])))
    } catch (err) {
      done(err as Error)
    }
  })

  // Some clients send an empty body with another content type.
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, bytes, done) => {
    if (bytes.length === 0) done(null, null)
    else done(new Problem('unsupported', NOT_JSON))
  })
}

function refuseCompressed({ headers }: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
  const encoding = headers['content-encoding']
  if (encoding === undefined || encoding.toLowerCase() === 'identity' || !hasBody(headers)) return done()
  reply.header('accept-encoding', 'identity') // RFC 9110 §15.5.16
  done(new Problem('unsupported', 'The request body must not be compressed.'))
}

function addRequestHooks(server: FastifyInstance, { metrics, log, draining, recordVisit, isSecure }: HttpNeeds): void {
  // The hooks use callbacks, which are faster than promises and run several times for each request.
  const securityLog = createSecurityLog(log)
  const durations = metrics.histogram('http_request_duration_seconds', 'Time from request to response', ['route', 'method', 'status'])
  server.addHook('onSend', (request, reply, payload, done) => {
    reply.header('x-request-id', request.id)
    reply.header('x-content-type-options', 'nosniff')
    if (isSecure) reply.header('strict-transport-security', HSTS)
    // What one viewer gets, and tokens, are kept by no cache (RFC 6749 §5.1).
    if (!reply.hasHeader('cache-control') && isPersonal(request)) reply.header('cache-control', 'no-store')
    if (draining()) reply.header('connection', 'close')
    // JSON responses end with a newline, as those of the original do.
    done(null, typeof payload === 'string' && payload.startsWith('{') ? `${payload}\n` : payload)
  })
  server.addHook('onResponse', (request, reply, done) => {
    const { elapsedTime } = reply
    const { route, access } = request
    durations.observe(elapsedTime / 1000, [route, request.method, String(reply.statusCode)])
    const ms = Math.round(elapsedTime * 10) / 10
    if (access !== 'admin' && access !== 'public') recordVisit(request.viewer, clientNetwork(request.ip))
    log.info({ id: request.id, method: request.method, route, status: reply.statusCode, ms }, 'request')
    if (isRefusal(request, reply)) securityLog('refused', factsOf(request, reply))
    done()
  })
}

/** A token or a right that did not suffice, a limit, or a code that was wrong. Requests without a token ask for nothing yet. */
function isRefusal({ headers, method, route }: FastifyRequest, { statusCode }: FastifyReply): boolean {
  if (statusCode === 401) return headers.authorization !== undefined
  if (statusCode === 400) return method === 'POST' && route.endsWith('/authorizations')
  return statusCode === 403 || statusCode === 429
}

const factsOf = ({ id, method, route, viewer, administrator, ip }: FastifyRequest, { statusCode }: FastifyReply) => ({
  id,
  method,
  route,
  status: statusCode,
  address: ip,
  reader: viewer?.kind === 'reader' ? viewer.id : undefined,
  administrator: administrator?.id,
})

const isPersonal = ({ method, access }: FastifyRequest) => access !== 'public' || (method !== 'GET' && method !== 'HEAD')
