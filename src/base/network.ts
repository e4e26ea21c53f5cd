import { isIPv6 } from 'node:net'

/** True for a host that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** Where a request came from. */
export interface Client {
  /** The address, or the /64 of an IPv6 address: one household. */
  address: string
  /** The /24 of an IPv4 address, the /48 of an IPv6 address: a neighbourhood, or all that a customer of a provider gets. */
  network: string
}

export function clientOf(ip: string): Client {
  const address = clientNetwork(ip)
  return { address, network: widerNetwork(address) }
}

const IPV4 = /^(?:::ffff:)?\d{1,3}(?:\.\d{1,3}){3}$/
const LENGTH_MAX = 100 // for text that is not an address; an address has at most 45 characters

/**
 * What rate limits count a client address as. An IPv6 client owns a whole /64, so its network counts; an IPv4 client
 * counts by its address, also when that is written as IPv6 (`::ffff:192.0.2.1`). Some proxies append a port; it is cut off.
 */
export function clientNetwork(address: string): string {
  if (IPV4.test(address)) return address.slice(address.lastIndexOf(':') + 1) // nearly all; this runs for each request
  const [, bracketed, ipv4] = /^(?:\[([^\]]*)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+)$/.exec(address) ?? []
  const [plain = ''] = (bracketed ?? ipv4 ?? address).split('%')
  if (!isIPv6(plain)) return plain.slice(0, LENGTH_MAX)
  const [before = '', after = ''] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::')
  const [first, last] = [before, after].map(groups => groups.split(':').filter(Boolean)) as [string[], string[]]
  const groups = [...first, ...Array<string>(8 - first.length - last.length).fill('0'), ...last]
  if (groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff')
    return groups
      .slice(6)
      .map(group => Number.parseInt(group, 16))
      .flatMap(group => [group >> 8, group & 255])
      .join('.')
  return `${groups.slice(0, 4).join(':')}::/64`
}

function widerNetwork(address: string): string {
  const [, ipv4, ipv6] = /^(?:(\d+\.\d+\.\d+)\.\d+|([\da-f]+:[\da-f]+:[\da-f]+):[\da-f]+::\/64)$/.exec(address) ?? []
  if (ipv4) return `${ipv4}.0/24`
  return ipv6 ? `${ipv6}::/48` : address
}

/** An error that says what the operator can do when we cannot listen on an address. */
export function toListenError(err: Error, { host, port }: { host: string; port: number }, setting: string): Error {
  const where = `${host}:${port}`
  const code = ['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND'].find(each => err.message.includes(each))
  if (code === 'EADDRINUSE')
    return new Error(`${where} is taken by another process: stop it, or set ${setting} to another port`, { cause: err })
  if (code === 'EACCES') return new Error(`this user may not listen on ${where}: set ${setting} to a port from 1024 on`, { cause: err })
  if (code) return new Error(`${host} is not an address of this machine`, { cause: err })
  return err
}
