import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientNetwork } from './network.ts'

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
