import { isIPv6 } from 'node:net'

/** True for names and numbers that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

/**
 * Whom an address counts as. One who has an address of IPv6 has 2^64 of them, whatever follows the first half; one of IPv4
 * may be written as one of IPv6.
 */
export function whoseAddress(address: string): string {
  const [plain = ''] = address.split('%')
  if (!isIPv6(plain)) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1]
  if (mapped) return mapped
  const [before = '', after = ''] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::')
  const [first, last] = [before, after].map(groups => groups.split(':').filter(Boolean)) as [string[], string[]]
  const groups = [...first, ...Array<string>(8 - first.length - last.length).fill('0'), ...last]
  return `${groups.slice(0, 4).join(':')}::/64`
}

/** What an operator can do about an address we cannot listen on. */
export function listenError(err: Error, { host, port }: { host: string; port: number }, setting: string): Error {
  const where = `${host}:${port}`
  const why = ['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND'].find(code => err.message.includes(code))
  if (why === 'EADDRINUSE')
    return new Error(`${where} is taken by another process: stop it, or set ${setting} to another port`, { cause: err })
  if (why === 'EACCES') return new Error(`this user may not listen on ${where}: set ${setting} to a port from 1024 on`, { cause: err })
  if (why) return new Error(`${host} is no address of this machine`, { cause: err })
  return err
}
