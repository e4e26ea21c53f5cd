// /healthz: the process runs. /readyz: it should get requests. /metrics: Prometheus' text format.

import type { FastifyRequest } from 'fastify'
import type { Metrics } from '../base/metrics.ts'
import { isLoopback } from '../base/network.ts'
import { notFound, unauthenticated } from '../base/problem.ts'
import { withTimeout } from '../base/timeout.ts'
import { NOT_FOUND } from './errors.ts'
import type { RouteScope } from './routes.ts'

export interface Check {
  /** If a required check fails, the process is down; if another fails, it is degraded. */
  required: boolean
  /** Rejects, or takes longer than a second, when the check fails. */
  probe(): Promise<unknown>
}

export interface HealthNeeds {
  checks: Record<string, Check>
  draining: () => boolean
  metrics: Metrics
  metricsToken?: string
}

const CHECK_MS = 1_000

export function addHealth(server: RouteScope, { checks, draining, metrics, metricsToken }: HealthNeeds): void {
  const hidden = { schema: { hide: true }, config: { access: 'public' as const } } // a token, if sent, is not looked up in the database

  // Does not check the database: if that is down, restarting every process does not help.
  server.get('/healthz', hidden, async () => ({ status: 'up' }))

  const check = () => Promise.all(Object.entries(checks).map(async ([name, check]) => [name, check.required, await passes(check)] as const))
  // Requests that arrive meanwhile share the result: anyone may ask, and each check takes a connection to the database.
  let checking: ReturnType<typeof check> | undefined

  server.get('/readyz', hidden, async (_request, reply) => {
    const checked = await (checking ??= check().finally(() => (checking = undefined)))
    const down = draining() || checked.some(([, required, passed]) => required && !passed)
    const status = down ? 'down' : checked.every(([, , passed]) => passed) ? 'up' : 'degraded'
    return reply
      .code(down ? 503 : 200)
      .send({ status, checks: Object.fromEntries(checked.map(([name, , passed]) => [name, passed ? 'up' : 'down'])) })
  })

  server.get('/metrics', hidden, async (request, reply) => {
    requireMetricsAccess(request, metricsToken)
    return reply
      .type('text/plain; version=0.0.4; charset=utf-8')
      .serializer(String)
      .send(await metrics.text())
  })
}

function requireMetricsAccess(request: FastifyRequest, token: string | undefined): void {
  if (token !== undefined) {
    if (request.headers.authorization !== `Bearer ${token}`) throw unauthenticated('The metrics token is missing or wrong.')
    // Without a token only this machine may read metrics. Behind a proxy every client seems to be this machine.
  } else if (!isLoopback(request.ip.replace(/^::ffff:/, '')) || request.headers['x-forwarded-for'] || request.headers.forwarded) {
    throw notFound(NOT_FOUND)
  }
}

function passes(check: Check): Promise<boolean> {
  const result = check.probe().then(
    () => true,
    () => false,
  )
  return withTimeout(CHECK_MS, result, () => false)
}
