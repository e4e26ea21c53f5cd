// Web Push against a push service on this machine. Those of browser makers are not reached by any test.

import assert from 'node:assert/strict'
import { createECDH, ECDH, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import type { ArticleId } from '../../src/base/id.ts'
import { cleanup } from '../support/cleanup.ts'
import { type Person, type Product, startProduct } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'

interface Message {
  path: string
  headers: IncomingHttpHeaders
  bytes: number
}

const messages: Message[] = []
const statuses: Record<string, number> = { '/gone': 410 }
const service = createServer((request, response) => {
  let bytes = 0
  request.on('data', chunk => {
    bytes += chunk.length
  })
  request.on('end', () => {
    messages.push({ path: request.url ?? '', headers: request.headers, bytes })
    response.writeHead(statuses[request.url ?? ''] ?? 201).end()
  })
})
let host: string
let product: Product
let alice: Person
let bob: Person
let tech: number

before(async () => {
  await once(service.listen(0, '127.0.0.1'), 'listening')
  cleanup(async () => void service.close())
  host = `127.0.0.1:${(service.address() as AddressInfo).port}`
  product = await startProduct({ env: { WEB_PUSH_HOSTS: host } })
  ;[alice, bob] = [await product.signIn('alice'), await product.signIn('bob')]
  tech = await product.createChannel('科技')
})

/** As a browser makes one. */
function newSubscription(endpoint: string) {
  const curve = createECDH('prime256v1')
  return { endpoint, keys: { p256dh: curve.generateKeys('base64url'), auth: randomBytes(16).toString('base64url') } }
}

const likeNewArticle = async () => {
  const [article] = await product.publish([{ author: alice.id, channel: tech }])
  await bob.post('/v1_0/article/likings', { target: article as ArticleId })
}
const sentTo = (path: string) => messages.filter(message => message.path === path)

test('a browser gets a signed and encrypted message for each notice, from when the reader asks until they no longer want it', async () => {
  // Another browser of hers, which says when the first notice has been pushed.
  await alice.post('/v1/web-push/subscriptions', newSubscription(`http://${host}/before`))
  await likeNewArticle()
  await eventually(
    () => sentTo('/before').length,
    count => count === 1,
  )
  const key = (await alice.get('/v1/web-push/key')).body.data.public_key
  assert.equal(Buffer.from(key, 'base64url').length, 65)
  const subscription = newSubscription(`http://${host}/alice`)
  assert.equal((await alice.post('/v1/web-push/subscriptions', subscription)).status, 204)
  await likeNewArticle()
  await eventually(
    () => sentTo('/alice').length,
    count => count === 1, // not the one before
  )
  const [message] = sentTo('/alice') as [Message]
  assert.equal(message.headers['content-encoding'], 'aes128gcm')
  assert.match(String(message.headers.authorization), new RegExp(`^vapid t=.*k=${key}`))
  assert.ok(message.bytes > 0)

  await alice.post('/v1/web-push/subscriptions', newSubscription(`http://${host}/other`))
  await alice.delete('/v1/web-push/subscriptions', { endpoint: subscription.endpoint })
  await likeNewArticle()
  await eventually(
    () => sentTo('/other').length,
    count => count === 1,
  )
  assert.equal(sentTo('/alice').length, 1)
})

test('a subscription that the push service does not know any more is deleted', async () => {
  await alice.post('/v1/web-push/subscriptions', newSubscription(`http://${host}/gone`))
  await likeNewArticle()
  await eventually(
    () => product.db.selectFrom('web_push_subscription').select('id').where('endpoint', 'like', '%/gone').execute(),
    left => sentTo('/gone').length === 1 && left.length === 0,
  )
})

test('a subscription that has failed for days is deleted, unless its browser subscribes again', async () => {
  const carol = await product.signIn('carol')
  const paths = ['long', 'renewed', 'short', 'works']
  const subscriptions = paths.map(path => newSubscription(`http://${host}/carol/${path}`))
  for (const each of subscriptions) await carol.post('/v1/web-push/subscriptions', each)
  for (const path of paths.slice(0, 3)) statuses[`/carol/${path}`] = 500
  await sql`update web_push_subscription set failures = 19, failing_since = now() - interval '4 days' where endpoint like '%/carol/%'`.execute(
    product.db,
  )
  await sql`update web_push_subscription set failing_since = now() - interval '2 days' where endpoint like '%/carol/short'`.execute(
    product.db,
  )
  await carol.post('/v1/web-push/subscriptions', subscriptions[1])
  await bob.post('/v1_0/user/followings', { target: carol.id })
  await eventually(
    async () => {
      const left = product.db.selectFrom('web_push_subscription').select(['endpoint', 'failures']).where('endpoint', 'like', '%/carol/%')
      return (await left.orderBy('endpoint').execute()).map(({ endpoint, failures }) => `${endpoint.split('/').at(-1)} ${failures}`).join()
    },
    left => left === 'renewed 1,short 20,works 0',
  )
})

const FOREIGN = [
  ...'http://push.example.org/ https://127.0.0.1/ https://[::1]/ https://localhost/ https://10.0.0.1/x https://2130706433/'.split(' '),
  ...'https://0x7f000001/ https://push.example.org:8443/ https://a:b@push.example.org/ file:///etc/passwd gopher://x.org/'.split(' '),
  ...'https://push.example.org./ https://127.0.0.1:1@x.org/ //push.example.org/ x https://[::ffff:127.0.0.1]/ https://169.254.169.254/'.split(
    ' ',
  ),
]

for (const endpoint of FOREIGN)
  test(`a subscription at ${endpoint} is refused`, async () => {
    assert.equal((await alice.post('/v1/web-push/subscriptions', newSubscription(endpoint))).status, 400)
  })

test('malformed keys are refused, and nobody subscribes without a token', async () => {
  const { endpoint, keys } = newSubscription(`http://${host}/x`)
  const offCurve = Buffer.from(keys.p256dh, 'base64url')
  offCurve[64] = (offCurve[64] as number) ^ 1
  const inBase64 = (bytes: Buffer) => bytes.toString('base64url')
  const BAD = [
    {},
    { ...keys, auth: 'x' },
    { ...keys, auth: inBase64(randomBytes(15)) },
    { ...keys, auth: inBase64(randomBytes(17)) },
    { ...keys, p256dh: 'x'.repeat(10_000) },
    { ...keys, p256dh: inBase64(offCurve) },
    { ...keys, p256dh: inBase64(Buffer.concat([Buffer.of(4), Buffer.alloc(64)])) },
    { ...keys, p256dh: inBase64(randomBytes(33)) },
    ...(['compressed', 'hybrid'] as const).map(form => ({
      ...keys,
      p256dh: ECDH.convertKey(keys.p256dh, 'prime256v1', 'base64url', 'base64url', form) as string,
    })),
  ]
  for (const bad of BAD)
    assert.equal((await alice.post('/v1/web-push/subscriptions', { endpoint, keys: bad })).status, 400, JSON.stringify(bad))
  assert.equal((await product.request('POST', '/v1/web-push/subscriptions', { endpoint, keys })).status, 401)
})
