// A process without the role api serves nobody over HTTP but whoever watches it: whether it lives, whether it is ready,
// and how it has been doing.

import Fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import type { Log } from '../base/log.ts'
import { answerError, answerNotFound } from '../http/errors.ts'
import { addHealth, type HealthNeeds } from '../http/health.ts'
import { type Listening, listen } from '../http/listen.ts'

export interface WatchedNeeds extends HealthNeeds {
  host: string
  port: number
  log: Log
}

export async function startWatched(needs: WatchedNeeds): Promise<Listening> {
  const server = Fastify({
    loggerInstance: needs.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }), // it is asked every few seconds, by machines
    requestTimeout: 10_000,
    return503OnClosing: false, // a draining process still says that it is
  })
  server.setErrorHandler(answerError(needs.log))
  server.setNotFoundHandler(answerNotFound)
  addHealth(server, needs)
  return listen(server, needs)
}
