import type { IncomingMessage } from 'node:http'
import proxyAddr from '@fastify/proxy-addr'

/** The client's address as Fastify finds it, for requests that do not pass through it. `trustProxy` is Config.trustProxy. */
export function createClientAddress(trustProxy: number | string[]): (request: IncomingMessage) => string {
  const trust = typeof trustProxy === 'number' ? (_address: string, hop: number) => hop < trustProxy : proxyAddr.compile(trustProxy)
  return request => proxyAddr(request, trust)
}
