// What mallory tries against accounts, at full size. The forged tokens, the replays of refresh tokens and frozen readers are in
// test/journeys (token-forgery, sessions, sign-in, sockets), at the size that is promised.

import assert from 'node:assert/strict'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { before, test } from 'node:test'
import { pino } from 'pino'
import { SIZE } from '../../support/chaos-size.ts'
import { groupGenerations, listOperations, type Operation, sendAll, targetOf } from '../../support/operations.ts'
import { readPrivileges } from '../../support/privileges.ts'
import { type Person, type Product, startProduct } from '../../support/product.ts'
import { type SmsProvider, startSmsProvider } from '../../support/sms-provider.ts'
import { existingIds, privilegedFields, secretsOf, undeclaredFields } from './fields.ts'
import { generateRequests, sendGenerated } from './inputs.ts'
import { createSignIn, guess, pump, tellApart, useAtOnce } from './sign-in.ts'

const OPTIONS = {
  smoke: { guesses: 30, rounds: 1, sends: 0, pairs: 2, inputs: 150 },
  full: { guesses: 1_000, rounds: 100, sends: 10_000, pairs: 250, inputs: 20_000 },
}[SIZE]

/** With the demo's code, for people. */
let product: Product
/** The same database behind a proxy, with codes that are sent. */
let proxied: Product
let provider: SmsProvider
let [alice, bob, mallory] = [] as unknown as [Person, Person, Person]
let admin: string
let ids: Parameters<typeof existingIds>[1]
let operations: Operation[]
const faults: string[] = []

before(async () => {
  const log = pino({ level: 'error' }, { write: line => void faults.push(line) })
  product = await startProduct({ env: { ADMIN_PASSWORD: 'first1password' }, log })
  provider = await startSmsProvider()
  proxied = await startProduct({
    env: { DATABASE_URL: product.databaseUrl, SMS_URL: provider.url, TRUST_PROXY: '1', ROLES: 'api,recommender' },
    log,
  })
  alice = await product.signInToStudio('alice')
  bob = await product.signIn('bob')
  mallory = await product.signIn('mallory')
  const channel = await product.createChannel('科技')
  const [article] = (await product.publish([{ channel, author: alice.id }])) as unknown as [bigint]
  const comment = (await alice.post('/app/v1_0/comments', { target: article, content: 'first' })).body.data.com_id
  await bob.patch('/v1_0/user/profile', { intro: 'bob', real_name: '李四', id_number: '11010519491231002x' })
  ids = { article, comment: BigInt(comment), reader: bob.id, channel: BigInt(channel) }
  const signedIn = await product.request('POST', '/mis/v1_0/authorizations', { account: 'admin', password: 'first1password' })
  admin = signedIn.body.data.token
  operations = groupGenerations(await listOperations(product)).map(([first]) => first as Operation)
})

test('guesses from any number of addresses are compared with a code five times in all, and the code is dead', async () => {
  const { guesses } = OPTIONS
  const { compared, statuses, right } = await guess(proxied, provider, { guesses, addresses: guesses / 2 })
  assert.equal(compared, 5)
  assert.deepEqual(statuses, new Set([400]))
  assert.equal(right, 400, 'the right code comes too late')
})

test('one code sent fifty times at once signs in once', async () => {
  const successes = await useAtOnce(proxied, provider, { times: 50, rounds: OPTIONS.rounds })
  assert.deepEqual(new Set(successes), new Set([1]))
})

test('whether a number has an account shows in no answer', async t => {
  const { sendMs, guessMs } = await tellApart(proxied, OPTIONS.pairs)
  t.diagnostic(`medians differ by ${sendMs.toFixed(2)} ms and ${guessMs.toFixed(2)} ms`)
  if (SIZE === 'full') assert.ok(sendMs < 5 && guessMs < 5, `${sendMs} and ${guessMs} ms`)
})

test('one network gets a thousand codes an hour, whatever its addresses and numbers', { skip: SIZE !== 'full' }, async () => {
  const { sent, statuses } = await pump(proxied, provider, OPTIONS.sends)
  assert.equal(sent, 1_000)
  assert.deepEqual([...statuses.keys()].toSorted(), [200, 429])
})

/** Operations that sign the sender out, or change who they are: mallory sends them, and the others stay. */
const signsOut = ({ path }: Operation) => /^\/v1\/me($|\/sessions|\/mobile$)/.test(path)

/** From which alice signs in. */
const ADDRESS = '203.0.113.77'
/** Of phones and of identity cards. */
const NUMBERS = /^\d{11,17}$/

/** The operation on things that exist, with `more` in its body. */
function requestOf(operation: Operation, more: Record<string, unknown>): { path: string; body: unknown } {
  const existing = existingIds(operation, ids)
  const own = Object.fromEntries(Object.entries(operation.body ?? {}).map(([name, value]) => [name, existing[name] ?? value]))
  const added = Object.entries(more).filter(([name]) => !(name in own))
  return { path: targetOf(operation, existing), body: operation.body && { ...own, ...Object.fromEntries(added) } }
}

test('no field that a body has besides makes anyone more than they are, or touches what is not theirs', async () => {
  const privileged = privilegedFields(bob)
  assert.equal(Object.keys(privileged).length, 20)
  const before = await readPrivileges(product, bob, [alice, bob, mallory])
  const accepted: string[] = []
  const writing = operations.filter(({ body, path }) => body && !path.startsWith('/v1/admin') && !/^\/(v1_0\/)?mis\//.test(path))
  await sendAll(
    writing.map(operation => async () => {
      const { path, body } = requestOf(operation, privileged)
      const { token } = signsOut(operation) ? mallory : alice
      const { status } = await product.request(operation.method, path, body, { headers: { authorization: `Bearer ${token}` } })
      assert.ok(status < 500, `${operation.method} ${path} → ${status}`)
      if (status < 300) accepted.push(`${operation.method} ${operation.path}`)
    }),
  )
  assert.ok(accepted.length > 15, accepted.join('\n'))
  const after = await readPrivileges(product, bob, [alice, bob, mallory])
  assert.deepEqual(after, before)
})

test('answers have the fields that are documented, and no number, key, hash or token of somebody else', async () => {
  // An address is stored with a sign-in. Only behind the proxy is it the one that the client's header names.
  const { requestCode, signIn } = createSignIn(proxied)
  await product.db.deleteFrom('sms_code').where('mobile', '=', alice.mobile).execute()
  await requestCode(alice.mobile, ADDRESS)
  assert.equal((await signIn(alice.mobile, provider.codeOf(alice.mobile), ADDRESS)).status, 201)
  const own = await alice.get('/v1/me/sessions')
  assert.ok(own.text.includes(ADDRESS), 'alice herself is shown it')
  const secrets = [...(await secretsOf(product, alice)), ADDRESS, '11010519491231002']
  let read = 0
  const problems: string[] = []
  const reading = operations.filter(({ method, path }) => method === 'GET' && !/sms|me\/export/.test(path))
  for (const [name, token] of [
    ['bob', bob.token],
    ['anonymous', undefined],
    ['admin', admin],
  ] as const)
    await sendAll(
      reading.map(operation => async () => {
        const { path } = requestOf(operation, {})
        const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
        const answer = await product.request('GET', path, undefined, { headers })
        // Bob sees his own number of the identity card, an administrator with the right everyone's numbers.
        const allowed = name === 'admin' || (name === 'bob' && path.startsWith('/v1/identity')) ? NUMBERS : /^$/
        for (const secret of secrets)
          if (answer.text.includes(secret) && !allowed.test(secret)) problems.push(`${name} reads ${secret} at ${path}`)
        const schema = operation.answers[answer.status]
        if (!schema || !answer.body) return
        read++
        for (const field of undeclaredFields(answer.body, schema)) problems.push(`${path} answers ${field}`)
      }),
    )
  assert.deepEqual(problems, [])
  assert.ok(read > 60, `${read} answers were read`)
})

test('a page of any origin is answered without the rights of a browser that is signed in elsewhere', async () => {
  const own = new URL(product.url)
  // biome-ignore format: a list
  const origins = ['null', 'http://evil.example', `${own.origin}.evil.example`, `http://evil${own.host}`, `https://${own.host}`,
    `http://${own.hostname}:1`, 'file://', `${own.origin}/`, 'http://localhost', `http://user@${own.host}`]
  for (const origin of origins)
    for (const path of ['/v1_0/user', '/mp/v1_0/articles', '/mis/v1_0/authorizations', '/v1/admin/jobs', '/v1/me/export'])
      for (const method of ['OPTIONS', 'GET', 'POST']) {
        const headers = { origin, cookie: 'a=b', ...(method === 'OPTIONS' ? { 'access-control-request-method': 'DELETE' } : {}) }
        const answer = await fetch(product.url + path, { method, headers })
        await answer.arrayBuffer()
        const allowed = answer.headers.get('access-control-allow-origin')
        assert.ok(allowed === null || allowed === '*', `${method} ${path} allows ${allowed}`)
        assert.equal(answer.headers.get('access-control-allow-credentials'), null, `${method} ${path} for ${origin}`)
        assert.equal(answer.headers.get('set-cookie'), null)
      }
})

test('generated requests to every operation are answered without an error of the server', { timeout: 900_000 }, async t => {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
  t.diagnostic(`SEED=${seed}`)
  const sendersOf = (operation: Operation) => {
    if (/^\/(v1\/admin|mis)/.test(operation.path)) return [admin, admin, alice.token]
    return signsOut(operation) ? [mallory.token] : [alice.token, bob.token, undefined]
  }
  const requests = generateRequests(operations, { sendersOf, count: OPTIONS.inputs, seed })
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const { troubles, statuses } = await sendGenerated(product, requests)
  delay.disable()
  const p99 = delay.percentile(99) / 1e6
  t.diagnostic(`${JSON.stringify(statuses)}, event loop p99 ${p99.toFixed(1)} ms`)
  assert.deepEqual(troubles, [])
  assert.deepEqual(faults, [])
  assert.ok((statuses[200] ?? 0) + (statuses[201] ?? 0) > 0)
  if (SIZE === 'full') assert.ok(p99 <= 50, `${p99} ms`)
})
