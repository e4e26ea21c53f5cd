import assert from 'node:assert/strict'
import { scryptSync } from 'node:crypto'
import { test } from 'node:test'
import { generatePassword, hashPassword, isAcceptablePassword, verifyPassword } from './passwords.ts'

test('a kept password is known again, never the same twice, and says how it was made', async () => {
  const [one, other] = await Promise.all([hashPassword('first1password'), hashPassword('first1password')])
  assert.notEqual(one, other)
  assert.match(one, /^scrypt\$15\$8\$3\$[\w-]{22}\$[\w-]{43}$/)
  assert.ok(await verifyPassword('first1password', one))
  assert.ok(!(await verifyPassword('first1passwore', one)))
  assert.ok(!(await verifyPassword('', one)))
})

test('one that was made with other parameters is known as well', async () => {
  const weaker = scryptSync('a', Buffer.from('salt'), 32, { N: 1024, r: 8, p: 1 }).toString('base64url')
  assert.ok(await verifyPassword('a', `scrypt$10$8$1$c2FsdA$${weaker}`))
})

test('what is no hash of ours, or would take all the memory, is nobody’s password', async () => {
  for (const stored of ['', 'a', 'scrypt$', 'scrypt$31$8$1$c2FsdA$aaaa', 'scrypt$18$8$1$c2FsdA$aaaa', 'plain$15$8$3$c2FsdA$aaaa'])
    assert.equal(await verifyPassword('a', stored), false, stored)
})

test('a password has eight characters, letters and digits; a generated one always does', () => {
  for (const bad of ['', 'short1', 'nodigitsatall', '1234567890', `a1${'x'.repeat(127)}`]) assert.ok(!isAcceptablePassword(bad), bad)
  for (let i = 0; i < 1_000; i++) assert.ok(isAcceptablePassword(generatePassword()))
  assert.notEqual(generatePassword(), generatePassword())
})
