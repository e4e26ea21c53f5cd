// Parses REDIS_URL: `redis://[[user]:password@]host[:port][/database]`, or for Sentinel
// `redis+sentinel://[[user]:password@]host:port,host:port/master[/database]`. With `rediss` instead of `redis`: over TLS.

export interface RedisAddress {
  tls: boolean
  /** The Redis server, or the Sentinels. */
  nodes: { host: string; port: number }[]
  /** The name under which the Sentinels know the master. Absent: the only node is the Redis server itself. */
  masterName?: string
  username?: string
  password?: string
  database: number
}

const ADDRESS = /^(rediss?)(\+sentinel)?:\/\/(?:([^@/]*)@)?([^/?#@]+)(?:\/([^?#]*))?$/
const NODE = /^(\[[\da-f:.]+\]|[^\s:[\]]+)(?::(\d{1,5}))?$/i
const PORT = 6379
const SENTINEL_PORT = 26379

/** Undefined for text that is not such an address. */
export function parseRedisUrl(text: string): RedisAddress | undefined {
  const [whole, scheme, sentinel, credentials, hosts = '', path = ''] = ADDRESS.exec(text) ?? []
  if (whole === undefined) return undefined
  const nodes = hosts.split(',').map(host => nodeOf(host, sentinel ? SENTINEL_PORT : PORT))
  if (nodes.some(node => node === undefined) || (!sentinel && nodes.length > 1)) return undefined
  const parts = path === '' ? [] : path.replace(/\/$/, '').split('/')
  const masterName = sentinel ? parts.shift() : undefined
  if (sentinel && !masterName) return undefined
  const database = parts.shift() ?? '0'
  if (parts.length > 0 || !/^\d{1,3}$/.test(database)) return undefined
  try {
    const colon = credentials?.indexOf(':') ?? -1
    const [username, password] = colon < 0 ? [credentials, ''] : [credentials?.slice(0, colon), credentials?.slice(colon + 1)]
    return {
      tls: scheme === 'rediss',
      nodes: nodes as RedisAddress['nodes'],
      masterName: masterName && decodeURIComponent(masterName),
      username: decodeURIComponent(username ?? '') || undefined,
      password: decodeURIComponent(password ?? '') || undefined,
      database: Number(database),
    }
  } catch {
    return undefined // a stray %
  }
}

function nodeOf(text: string, fallback: number): { host: string; port: number } | undefined {
  const [, host, digits] = NODE.exec(text) ?? []
  const port = digits === undefined ? fallback : Number(digits)
  return host && port >= 1 && port <= 65_535 ? { host: host.replace(/^\[|\]$/g, ''), port } : undefined
}
