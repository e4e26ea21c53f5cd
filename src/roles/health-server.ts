// The HTTP server of a process without the role `api`: /healthz, /readyz and /metrics, and sockets in the role `realtime`.

import Fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import type { Log } from '../base/log.ts'
import { requireDeclaredAccess } from '../http/access.ts'
import { boundsFor, createBoundedServer } from '../http/bounded-server.ts'
import { createErrorHandler, createNotFoundHandler } from '../http/errors.ts'
import { addHealth, type HealthNeeds } from '../http/health.ts'
import { type HttpListener, type ListenOptions, listen } from '../http/listen.ts'
import { collectMethods } from '../http/methods.ts'
import type { SocketEndpoint } from '../http/sockets/endpoint.ts'

export interface HealthServerNeeds extends HealthNeeds, ListenOptions {
  log: Log
  /** Config.trustProxy. */
  trustProxy: number | string[]
  /** Only in a process with the role `realtime`. */
  sockets?: SocketEndpoint
}

export async function startHealthServer(needs: HealthServerNeeds): Promise<HttpListener> {
  const server = Fastify({
    loggerInstance: needs.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }), // probes arrive every few seconds
    serverFactory: handle => createBoundedServer(handle, { requestTimeout: 10_000 }, boundsFor(needs.trustProxy), needs.sockets),
    return503OnClosing: false, // a draining process still answers /readyz
  })
  const answerNotFound = createNotFoundHandler(collectMethods(server))
  server.setNotFoundHandler(answerNotFound)
  server.setErrorHandler(createErrorHandler(needs.log, answerNotFound))
  requireDeclaredAccess(server)
  addHealth(server, needs)
  return listen(server, needs)
}
