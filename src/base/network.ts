import { isIPv6 } from 'node:net'

/** True for names and numbers that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

const NAME_MAX = 100 // of what is no address; an address has 45 characters at most

/**
 * Whom an address counts as. One who has an address of IPv6 has 2^64 of them, whatever follows the first half; one of IPv4
 * may be written as one of IPv6, and some proxies write the port behind either.
 */
export function clientNetwork(address: string): string {
  const [, bracketed, four] = /^(?:\[([^\]]*)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+)$/.exec(address) ?? []
  const [plain = ''] = (bracketed ?? four ?? address).split('%')
  if (!isIPv6(plain)) return plain.slice(0, NAME_MAX)
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

/** What an operator can do about an address we cannot listen on. */
export function toListenError(err: Error, { host, port }: { host: string; port: number }, setting: string): Error {
  const where = `${host}:${port}`
  const why = ['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND'].find(code => err.message.includes(code))
  if (why === 'EADDRINUSE')
    return new Error(`${where} is taken by another process: stop it, or set ${setting} to another port`, { cause: err })
  if (why === 'EACCES') return new Error(`this user may not listen on ${where}: set ${setting} to a port from 1024 on`, { cause: err })
  if (why) return new Error(`${host} is no address of this machine`, { cause: err })
  return err
}
