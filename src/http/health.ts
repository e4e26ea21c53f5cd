// Whether this process lives, whether it should get requests, and how it has been doing.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Metrics } from '../base/metrics.ts'
import { isLoopback } from '../base/network.ts'
import { notFound, unauthenticated } from '../base/problem.ts'
import { withTimeout } from '../base/timeout.ts'
import { NOT_FOUND } from './errors.ts'

export interface Check {
  /** Without it nothing can be answered; otherwise the process is only degraded. */
  required: boolean
  /** Throws, or takes too long, when it is not well. */
  probe(): Promise<unknown>
}

export interface HealthNeeds {
  checks: Record<string, Check>
  draining: () => boolean
  metrics: Metrics
  metricsToken?: string
}

const CHECK_MS = 1_000

export function addHealth(server: FastifyInstance, { checks, draining, metrics, metricsToken }: HealthNeeds): void {
  const hidden = { schema: { hide: true }, config: { access: 'none' as const } } // a probe may bring a token: the database is not asked

  // Says only that the process answers: a database that is away must not have every process restarted.
  server.get('/healthz', hidden, async () => ({ status: 'up' }))

  server.get('/readyz', hidden, async (_request, reply) => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, check.required, await passes(check)] as const),
    )
    const down = draining() || results.some(([, vital, well]) => vital && !well)
    const status = down ? 'down' : results.every(([, , well]) => well) ? 'up' : 'degraded'
    return reply
      .code(down ? 503 : 200)
      .send({ status, checks: Object.fromEntries(results.map(([name, , well]) => [name, well ? 'up' : 'down'])) })
  })

  server.get('/metrics', hidden, async (request, reply) => {
    requireMetricsAccess(request, metricsToken)
    return reply.type('text/plain; version=0.0.4; charset=utf-8').serializer(String).send(metrics.text())
  })
}

function requireMetricsAccess(request: FastifyRequest, token: string | undefined): void {
  if (token !== undefined) {
    if (request.headers.authorization !== `Bearer ${token}`) throw unauthenticated('The metrics token is missing or wrong.')
    // Behind a proxy everybody seems to be this machine.
  } else if (!isLoopback(request.ip.replace(/^::ffff:/, '')) || request.headers['x-forwarded-for'] || request.headers.forwarded) {
    throw notFound(NOT_FOUND)
  }
}

function passes(check: Check): Promise<boolean> {
  const well = check.probe().then(
    () => true,
    () => false,
  )
  return withTimeout(CHECK_MS, well, () => false)
}
