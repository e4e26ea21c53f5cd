import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { generate } from 'otplib'
import { testDatabase } from '../../../test/support/database.ts'
import { cheapPasswordHash } from '../../../test/support/password-hash.ts'
import { connectRedis, NO_REDIS, startRedis } from '../../../test/support/redis.ts'
import { eventually } from '../../../test/support/waiting.ts'
import type { AdministratorId, AdministratorSessionId } from '../../base/id.ts'
import { Problem } from '../../base/problem.ts'
import { createSealing } from '../../base/sealing.ts'
import { createFixedKeys } from '../../base/token-keys.fixture.ts'
import { createRateLimiter } from '../../engines/limits/rate-limiter.ts'
import type { Redis } from '../../engines/redis/redis.ts'
import { createAdminTokens } from './admin-tokens.ts'
import { createAdmins } from './admins.ts'
import { createLimitedCheck, PASSWORD_LIMIT } from './limited-check.ts'
import { createOperationLog } from './operation-log.ts'
import { createSecondFactor } from './second-factor.ts'

const { db } = await testDatabase()
let nextId = 1n
const tokens = createAdminTokens({ keys: createFixedKeys('k'.repeat(32)), clock: Date.now })
const secondFactor = createSecondFactor({ db, clock: Date.now, sealing: createSealing('i'.repeat(32)) })
const createTestAdmins = (redis?: Redis, isSecondFactorRequired = false) =>
  createAdmins({
    operationLog: createOperationLog({ db }),
    securityLog: () => {},
    db,
    newId: () => nextId++,
    clock: Date.now,
    tokens,
    signInLimiter: { consume: async () => 0, reset: async () => {} },
    checkLimited: createLimitedCheck(createRateLimiter(PASSWORD_LIMIT, redis)),
    secondFactor,
    isSecondFactorRequired,
  })
const admins = createTestAdmins()
const PASSWORD = 'first1password'
const id = await admins.create('editor', PASSWORD)
const storePassword = (password: string) =>
  db
    .updateTable('administrator')
    .set({ password_hash: cheapPasswordHash(password) })
    .execute()

const tokenSessionOf = (claims: Awaited<ReturnType<typeof tokens.verifyAccess>>) => claims?.sessionId as AdministratorSessionId

/** 'done', or the kind of the problem. Checks that `too-many` says how long to wait. */
const outcomeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    err => {
      assert.ok(err instanceof Problem, String(err))
      assert.equal(err.kind === 'too-many', Number(err.details.retryAfter) > 0)
      return err.kind
    },
  )
const signIn = (password: string, network: string) => outcomeOf(admins.signIn('editor', password, network))
const guesses = (count: number, guess: (i: number) => Promise<string>) => Promise.all(Array.from({ length: count }, (_, i) => guess(i)))

test('mallory, who sends twelve wrong passwords at once, gets ten checked; the editor can still sign in from elsewhere', async () => {
  assert.equal(await signIn(PASSWORD, '192.0.2.9'), 'done')
  await storePassword(PASSWORD)
  const answers = await guesses(12, i => signIn(`guess${i}`, '192.0.2.1'))
  assert.deepEqual(answers.toSorted(), [...Array(10).fill('forbidden'), 'too-many', 'too-many'])
  assert.equal(await signIn(PASSWORD, '192.0.2.1'), 'too-many', 'not even the right password')
  assert.equal(await signIn(PASSWORD, '192.0.2.2'), 'done')
})

test('an editor who knows the password, signs in any number of times', async () => {
  for (let i = 0; i < 3; i++) assert.equal(await signIn(`mistyped${i}`, '192.0.2.3'), 'forbidden')
  for (let i = 0; i < 12; i++) assert.equal(await signIn(PASSWORD, '192.0.2.3'), 'done')
})

test('a stolen session may guess the old password ten times; the editor can still sign in and change theirs', async () => {
  const change = (session: bigint, old: string) =>
    outcomeOf(admins.changePassword({ id: id as AdministratorId, session: session as AdministratorSessionId }, old, 'second2password'))
  const answers = await guesses(11, i => change(1_000n, `guess${i}`))
  assert.deepEqual(answers.toSorted(), [...Array(10).fill('forbidden'), 'too-many'])
  assert.equal(await signIn(PASSWORD, '192.0.2.4'), 'done')
  assert.equal(await change(1_001n, PASSWORD), 'done')
  assert.equal(await change(1_001n, 'second2password'), 'done')
})

test('attempts beyond the limit of one network do not count against the account', async () => {
  await storePassword('second2password') // with a cheap hash: each check would otherwise cost a quarter of a second
  await db.updateTable('administrator').set({ tries: 0 }).execute()
  await guesses(40, i => signIn(`guess${i}`, '192.0.2.40'))
  assert.deepEqual(await db.selectFrom('administrator').select('tries').execute(), [{ tries: 10 }])
})

test('an account accepts a thousand wrong passwords from all networks together, then none for a quarter of an hour', async () => {
  await db.updateTable('administrator').set({ tries: 999, tried_since: new Date() }).execute()
  assert.equal(await signIn('guess1', '192.0.2.5'), 'forbidden')
  assert.equal(await signIn('second2password', '192.0.2.6'), 'too-many')
  await db
    .updateTable('administrator')
    .set({ tried_since: new Date(Date.now() - 16 * 60_000) })
    .execute()
  assert.equal(await signIn('second2password', '192.0.2.6'), 'done')
})

test('an account whose attempts are used up by guessers, still accepts the right password from a network with a session', async () => {
  assert.equal(await signIn('second2password', '192.0.2.7'), 'done')
  await db.updateTable('administrator').set({ tries: 1_000, tried_since: new Date() }).execute()
  assert.equal(await signIn('second2password', '192.0.2.8'), 'too-many')
  assert.equal(await signIn('second2password', '192.0.2.7'), 'done')
  await db.updateTable('administrator_session').set({ revoked_at: new Date() }).where('network', '=', '192.0.2.7').execute()
  await db.updateTable('administrator').set({ tries: 1_000, tried_since: new Date() }).execute()
  assert.equal(await signIn('second2password', '192.0.2.7'), 'too-many', 'the session has ended')
  await db.updateTable('administrator').set({ tries: 0 }).execute()
})

test('mallory, who knows the password, guesses ten codes from any number of networks, and does not keep the editor out', async () => {
  assert.equal(await signIn('second2password', '192.0.2.50'), 'done')
  const { secret } = await secondFactor.begin(id, 'editor')
  const { rows } = await sql<{ id: AdministratorSessionId }>`select id from administrator_session order by id desc limit 1`.execute(db)
  const keep = (rows[0] as { id: AdministratorSessionId }).id
  await secondFactor.confirm(id, await generate({ secret, epoch: Math.floor(Date.now() / 1_000) - 30 }), keep)
  const signInWith = (code: string, network: string) => outcomeOf(admins.signIn('editor', 'second2password', network, code))
  const answers = await guesses(12, i => signInWith('none', `192.0.2.${60 + i}`))
  assert.deepEqual(answers.toSorted(), [...Array(10).fill('forbidden'), 'too-many', 'too-many'])
  assert.equal(await signInWith(await generate({ secret }), '192.0.2.50'), 'done')
  assert.equal(await admins.secondFactor.reset('editor'), true)
  const logged = await db.selectFrom('operation_log').select(['operation', 'administrator_name']).orderBy('id').execute()
  assert.deepEqual(logged, [
    { operation: 'add administrator', administrator_name: 'command line' },
    { operation: 'reset second factor', administrator_name: 'command line' },
  ])
})

test('where a second factor is required, an administrator without one may only set one up', async () => {
  const strict = createTestAdmins(undefined, true)
  const { token } = await strict.signIn('editor', 'second2password', '192.0.2.80')
  assert.equal((await strict.authenticate(token)).kind, 'second-factor-missing')
  assert.equal((await admins.authenticate(token)).kind, 'administrator')
  const identity = { id, session: tokenSessionOf(await tokens.verifyAccess(token)) }
  const { secret } = await strict.secondFactor.begin(identity, 'second2password')
  await strict.secondFactor.confirm(identity, await generate({ secret }))
  assert.equal((await strict.authenticate(token)).kind, 'administrator')
  assert.equal(await strict.secondFactor.reset('editor'), true)
})

test('processes that share a Redis count wrong passwords together', { skip: NO_REDIS }, async () => {
  const { url } = await startRedis()
  const processes = [createTestAdmins(await connectRedis(url)), createTestAdmins(await connectRedis(url))]
  let subnet = 0
  // If Redis answers late, each process counts for itself, so this is repeated until it does not.
  await eventually(
    async () => {
      const network = `198.51.${subnet++}.1`
      const outcomes = await guesses(14, i => outcomeOf((processes[i % 2] as typeof admins).signIn('editor', `guess${i}`, network)))
      return outcomes.filter(outcome => outcome === 'forbidden').length
    },
    count => count === 10,
  )
})

test('requests of more sessions than the cache holds, arriving at once, are all answered', async () => {
  const accessTokens = await Promise.all(
    Array.from({ length: 1_100 }, (_, i) =>
      tokens.issueAccess({ administratorId: id as AdministratorId, sessionId: BigInt(10_000 + i) as AdministratorSessionId }),
    ),
  )
  const answers = await Promise.all(accessTokens.map(token => admins.authenticate(token)))
  assert.deepEqual(new Set(answers.map(answer => answer.kind)), new Set(['bad']))
})
