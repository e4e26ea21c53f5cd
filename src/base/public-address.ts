// Where the server may connect to when a client names the address: public addresses only, so that no client reaches services of
// our own network through us.

import type { LookupAddress, LookupOptions } from 'node:dns'
import { lookup as resolve } from 'node:dns'
import { BlockList, isIP } from 'node:net'

/** IANA's special-purpose addresses, of which none is a public host (RFC 6890 and its successors). */
const SPECIAL: [network: string, prefix: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3], // multicast, reserved, broadcast
]

const special = new BlockList()
for (const [network, prefix] of SPECIAL) special.addSubnet(network, prefix, 'ipv4')
/** Of IPv6 only the global unicast addresses are public; of those, not the ones that carry an IPv4 address or are examples. */
const global6 = new BlockList()
global6.addSubnet('2000::', 3, 'ipv6')
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  special.addSubnet(network, prefix, 'ipv6')

export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !special.check(address, 'ipv4')
  return family === 6 && global6.check(address, 'ipv6') && !special.check(address, 'ipv6')
}

export type IsAllowed = (address: string) => boolean

/**
 * For an agent: resolves a name once, and connects to that answer only if each address in it is allowed. A name that is resolved
 * anew for the connection could have another address by then.
 */
export const createGuardedLookup =
  (isAllowed: IsAllowed) =>
  (hostname: string, options: LookupOptions, done: (err: Error | null, address: string | LookupAddress[], family?: number) => void): void =>
    resolve(hostname, { ...options, all: true }, (err, addresses) => {
      const refused =
        err ?? (addresses.length === 0 || !addresses.every(({ address }) => isAllowed(address)) ? new Error('address refused') : null)
      if (refused) return done(refused, '')
      const [first] = addresses as [LookupAddress]
      if (options.all) done(null, addresses)
      else done(null, first.address, first.family)
    })
