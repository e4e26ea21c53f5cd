import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientNetwork, clientOf } from './network.ts'

test('addresses of one IPv6 /64 count as one client, each IPv4 address as its own', () => {
  for (const [address, network] of [
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['2001:db8:0:3::', '2001:db8:0:3::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::ffff:c000:201', '192.0.2.1'],
    ['192.0.2.1:4444', '192.0.2.1'],
    ['[2001:db8:1:2::9]:80', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::9]', '2001:db8:1:2::/64'],
    ['not an address', 'not an address'],
    ['x'.repeat(500), 'x'.repeat(100)],
  ] as const)
    assert.equal(clientNetwork(address), network)
})

test('an IPv4 client belongs to its /24, an IPv6 client to its /48', () => {
  for (const [address, network] of [
    ['192.0.2.1', '192.0.2.0/24'],
    ['::ffff:192.0.2.255', '192.0.2.0/24'],
    ['192.0.3.1:4444', '192.0.3.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
    ['2001:db8:1:ffff::1', '2001:db8:1::/48'],
    ['2001:db8:2::1', '2001:db8:2::/48'],
    ['::1', '0:0:0::/48'],
    ['not an address', 'not an address'],
  ] as const)
    assert.equal(clientOf(address).network, network)
})
