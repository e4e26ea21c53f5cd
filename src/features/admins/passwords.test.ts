import assert from 'node:assert/strict'
import { scryptSync } from 'node:crypto'
import { test } from 'node:test'
import { findPasswordProblem, generatePassword, hashPassword, verifyPassword } from './passwords.ts'

test('a password matches its hash; two hashes of it differ, and each names its parameters', async () => {
  const [one, other] = [await hashPassword('first1password'), await hashPassword('first1password')] // at once, one would wait five seconds at most
  assert.notEqual(one, other)
  assert.match(one, /^scrypt\$15\$8\$3\$[\w-]{22}\$[\w-]{43}$/)
  assert.ok(await verifyPassword('first1password', one))
  assert.ok(!(await verifyPassword('first1passwore', one)))
  assert.ok(!(await verifyPassword('', one)))
})

test('a password matches a hash made with other parameters', async () => {
  const weaker = scryptSync('a', Buffer.from('salt'), 32, { N: 1024, r: 8, p: 1 }).toString('base64url')
  assert.ok(await verifyPassword('a', `scrypt$10$8$1$c2FsdA$${weaker}`))
})

test('a stored text that is no hash, or would need too much memory, matches no password', async () => {
  for (const stored of ['', 'a', 'scrypt$', 'scrypt$31$8$1$c2FsdA$aaaa', 'scrypt$18$8$1$c2FsdA$aaaa', 'plain$15$8$3$c2FsdA$aaaa'])
    assert.equal(await verifyPassword('a', stored), false, stored)
})

test('a password has eight characters of any kind, and is none that guessers try first', async () => {
  for (const bad of ['', 'short1', 'x'.repeat(129), 'password1', 'PASSWORD123', '1234567890', 'qwertyuiop', 'aaaaaaaaaaaa'])
    assert.ok(await findPasswordProblem(bad), bad)
  for (const good of ['correct horse battery staple', '十六个字符的密码也是密码没有字母呀', 'first1password', generatePassword()])
    assert.equal(await findPasswordProblem(good), undefined, good)
  assert.notEqual(generatePassword(), generatePassword())
})
