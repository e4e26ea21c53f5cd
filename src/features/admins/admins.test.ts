import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../../test/support/database.ts'
import { cheapPasswordHash } from '../../../test/support/password-hash.ts'
import { connectRedis, NO_REDIS, startRedis } from '../../../test/support/redis.ts'
import { eventually } from '../../../test/support/waiting.ts'
import type { AdministratorId, AdministratorSessionId } from '../../base/id.ts'
import { Problem } from '../../base/problem.ts'
import { createLimiter } from '../../engines/limits/limits.ts'
import type { Redis } from '../../engines/redis/redis.ts'
import { createAdminTokens } from './admin-tokens.ts'
import { createAdmins, PASSWORD_ATTEMPTS } from './admins.ts'

const { db } = await testDatabase()
let nextId = 1n
const tokens = createAdminTokens({ key: 'k'.repeat(32), clock: Date.now })
const open = (redis?: Redis) =>
  createAdmins({
    db,
    newId: () => nextId++,
    clock: Date.now,
    tokens,
    signInLimiter: { take: async () => 0, giveBack: async () => {} },
    passwordLimiter: createLimiter({ name: 'password', ...PASSWORD_ATTEMPTS }, redis),
  })
const admins = open()
const PASSWORD = 'first1password'
const id = await admins.create('editor', PASSWORD)
const keep = (password: string) =>
  db
    .updateTable('administrator')
    .set({ password_hash: cheapPasswordHash(password) })
    .execute()

/** How it went, and for how long to wait. */
const said = (what: Promise<unknown>) =>
  what.then(
    () => 'in',
    err => {
      assert.ok(err instanceof Problem, String(err))
      assert.equal(err.kind === 'too-many', Number(err.details.retryAfter) > 0)
      return err.kind
    },
  )
const signIn = (password: string, address: string) => said(admins.signIn('editor', password, address))
const guesses = (count: number, guess: (i: number) => Promise<string>) => Promise.all(Array.from({ length: count }, (_, i) => guess(i)))

test('mallory may try ten passwords in a quarter of an hour, however many she sends at once, and keeps nobody else out', async () => {
  assert.equal(await signIn(PASSWORD, '192.0.2.9'), 'in')
  await keep(PASSWORD)
  const answers = await guesses(12, i => signIn(`guess${i}`, '192.0.2.1'))
  assert.deepEqual(answers.toSorted(), [...Array(10).fill('forbidden'), 'too-many', 'too-many'])
  assert.equal(await signIn(PASSWORD, '192.0.2.1'), 'too-many', 'not even the right one')
  assert.equal(await signIn(PASSWORD, '192.0.2.2'), 'in')
})

test('whoever knows the password signs in as often as they like', async () => {
  for (let i = 0; i < 3; i++) assert.equal(await signIn(`mistyped${i}`, '192.0.2.3'), 'forbidden')
  for (let i = 0; i < 12; i++) assert.equal(await signIn(PASSWORD, '192.0.2.3'), 'in')
})

test('a stolen session may guess the old password ten times, which keeps nobody from signing in or changing theirs', async () => {
  const change = (session: bigint, old: string) =>
    said(admins.changePassword({ id: id as AdministratorId, session: session as AdministratorSessionId }, old, 'second2password'))
  const answers = await guesses(11, i => change(1_000n, `guess${i}`))
  assert.deepEqual(answers.toSorted(), [...Array(10).fill('forbidden'), 'too-many'])
  assert.equal(await signIn(PASSWORD, '192.0.2.4'), 'in')
  assert.equal(await change(1_001n, PASSWORD), 'in')
  assert.equal(await change(1_001n, 'second2password'), 'in')
})

test('whoever goes on after ten passwords uses up nothing of what others may try', async () => {
  await keep('second2password') // each try costs a quarter of a second otherwise
  await db.updateTable('administrator').set({ tries: 0 }).execute()
  await guesses(40, i => signIn(`guess${i}`, '192.0.2.40'))
  assert.deepEqual(await db.selectFrom('administrator').select('tries').execute(), [{ tries: 10 }])
})

test('with however many addresses, a thousand passwords may be tried', async () => {
  await db.updateTable('administrator').set({ tries: 999, tried_since: new Date() }).execute()
  assert.equal(await signIn('guess1', '192.0.2.5'), 'forbidden')
  assert.equal(await signIn('second2password', '192.0.2.6'), 'too-many')
  await db
    .updateTable('administrator')
    .set({ tried_since: new Date(Date.now() - 16 * 60_000) })
    .execute()
  assert.equal(await signIn('second2password', '192.0.2.6'), 'in')
})

test('processes that share a redis count wrong passwords together', { skip: NO_REDIS }, async () => {
  const { url } = await startRedis()
  const processes = [open(await connectRedis(url)), open(await connectRedis(url))]
  let subnet = 0
  // Where Redis is late, each counts for itself.
  await eventually(
    async () => {
      const address = `198.51.${subnet++}.1`
      const tries = await guesses(14, i => said((processes[i % 2] as typeof admins).signIn('editor', `guess${i}`, address)))
      return tries.filter(how => how === 'forbidden').length
    },
    many => many === 10,
  )
})

test('of more sessions at once than are remembered, each is answered', async () => {
  const given = await Promise.all(
    Array.from({ length: 1_100 }, (_, i) =>
      tokens.access({ administratorId: id as AdministratorId, sessionId: BigInt(10_000 + i) as AdministratorSessionId }),
    ),
  )
  const answers = await Promise.all(given.map(token => admins.authenticate(token)))
  assert.deepEqual(new Set(answers.map(one => one.kind)), new Set(['bad']))
})
