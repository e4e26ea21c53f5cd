// Role api: serves readers over HTTP.

import type { AddressInfo, Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { listenError } from '../base/net.ts'
import type { Part, Surface } from '../base/part.ts'
import { addHealth, type Check } from '../http/health.ts'
import { createServer, type HttpNeeds } from '../http/server.ts'
import { addStatic, type Site } from '../http/static.ts'

export interface Api {
  server: FastifyInstance
  /** http://host:port */
  url: string
  /** Stops taking new work, answers what has arrived, closes. */
  close(): Promise<void>
}

export interface ApiNeeds extends Omit<HttpNeeds, 'routes' | 'own'> {
  parts: Part[]
  host: string
  port: number
  checks: Record<string, Check>
  metricsToken?: string
  site: Site
  timezone: string
}

// Whoever has sent nothing for so long while we leave has nothing under way.
const SILENT_MS = 300
// What has arrived may take this long to be answered: the process as a whole has fifteen seconds (main.ts).
const CLOSE_MS = 8_000

export async function startApi(needs: ApiNeeds): Promise<Api> {
  const routes = needs.parts.flatMap(part =>
    Object.entries(part.routes ?? {}).map(([surface, one]) => ({ surface: surface as Surface, routes: one })),
  )
  const server = await createServer({
    ...needs,
    routes,
    own: async instance => {
      addHealth(instance, needs)
      await addStatic(instance, needs)
    },
  })
  const sockets = new Set<Socket>()
  server.server.on('connection', socket => sockets.add(socket.once('close', () => sockets.delete(socket))))
  await server.listen({ host: needs.host, port: needs.port }).catch(err => {
    throw listenError(err, needs, 'PORT')
  })
  const { port } = server.server.address() as AddressInfo
  return { server, url: `http://${needs.host.includes(':') ? `[${needs.host}]` : needs.host}:${port}`, close: () => close(server, sockets) }
}

/** Node itself waits for every socket that is not between two requests, whether or not a request ever comes on it. */
async function close(server: FastifyInstance, sockets: Set<Socket>): Promise<void> {
  // Browsers connect before they know what to ask.
  const silent = setInterval(() => sockets.forEach(socket => socket.bytesRead === 0 && socket.destroy()), SILENT_MS)
  const limit = setTimeout(() => server.server.closeAllConnections(), CLOSE_MS)
  await server.close()
  clearInterval(silent)
  clearTimeout(limit)
}
