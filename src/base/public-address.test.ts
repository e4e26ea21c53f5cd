import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGuardedLookup, isPublicAddress } from './public-address.ts'

const PRIVATE = [
  '127.0.0.1 127.1.2.3 0.0.0.0 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 192.0.0.8 198.18.0.1',
  '224.0.0.1 240.0.0.1 255.255.255.255 :: ::1 fe80::1 fc00::1 fd12::1 ff02::1 100::1 2001::1 2001:db8::1',
  '::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1 2002:7f00:1::',
  'localhost 127.1 0x7f000001 2130706433 0177.0.0.1 example.org', // no addresses at all
].flatMap(line => line.split(' '))

test('addresses of our own machine or network, in any form, are not public', () => {
  assert.deepEqual(PRIVATE.filter(isPublicAddress), [])
})

test('addresses on the internet are public', () => {
  const addresses = ['1.1.1.1', '8.8.8.8', '172.32.0.1', '223.255.255.255', '2606:4700:4700::1111', '2a00:1450:4001:81b::200e']
  assert.deepEqual(
    addresses.filter(address => !isPublicAddress(address)),
    [],
  )
})

for (const all of [true, false])
  test(`a name with a private address is not connected to${all ? ', whichever of its addresses is tried' : ''}`, async () => {
    const look = (isAllowed: (address: string) => boolean) =>
      new Promise(resolve => createGuardedLookup(isAllowed)('localhost', { all }, (err, address) => resolve(err?.message ?? address)))
    assert.equal(await look(isPublicAddress), 'address refused')
    assert.notEqual(await look(() => true), 'address refused')
  })
