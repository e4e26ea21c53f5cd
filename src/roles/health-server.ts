// A process without the role api serves nobody over HTTP but whoever watches it: whether it lives, whether it is ready,
// and how it has been doing.

import Fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import type { Log } from '../base/log.ts'
import { createErrorHandler, sendNotFound } from '../http/errors.ts'
import { addHealth, type HealthNeeds } from '../http/health.ts'
import { type HttpListener, listen } from '../http/listen.ts'

export interface HealthServerNeeds extends HealthNeeds {
  host: string
  port: number
  log: Log
}

export async function startHealthServer(needs: HealthServerNeeds): Promise<HttpListener> {
  const server = Fastify({
    loggerInstance: needs.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }), // it is asked every few seconds, by machines
    requestTimeout: 10_000,
    return503OnClosing: false, // a draining process still says that it is
  })
  server.setErrorHandler(createErrorHandler(needs.log))
  server.setNotFoundHandler(sendNotFound)
  addHealth(server, needs)
  return listen(server, needs)
}
