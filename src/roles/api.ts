// Role api: serves readers over HTTP.

import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Part, Surface } from '../base/part.ts'
import type { Authenticate } from '../base/viewer.ts'
import { addHealth, type Check } from '../http/health.ts'
import { addHome } from '../http/home.ts'
import { createServer, type HttpNeeds } from '../http/server.ts'

export interface Api {
  server: FastifyInstance
  /** http://host:port */
  url: string
  /** Stops taking new work, answers what has arrived, closes. */
  close(): Promise<void>
}

export interface ApiNeeds extends Omit<HttpNeeds, 'routes' | 'authenticate' | 'own'> {
  parts: Part[]
  authenticate: Authenticate
  host: string
  port: number
  checks: Record<string, Check>
  metricsToken?: string
}

export async function startApi(needs: ApiNeeds): Promise<Api> {
  const routes = needs.parts.flatMap(part =>
    Object.entries(part.routes ?? {}).map(([surface, one]) => ({ surface: surface as Surface, routes: one })),
  )
  const server = await createServer({
    ...needs,
    routes,
    own: async instance => {
      addHealth(instance, needs)
      addHome(instance)
    },
  })
  await server.listen({ host: needs.host, port: needs.port })
  const { port } = server.server.address() as AddressInfo
  return { server, url: `http://${needs.host.includes(':') ? `[${needs.host}]` : needs.host}:${port}`, close: () => server.close() }
}
