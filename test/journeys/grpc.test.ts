// The recommender over gRPC: as existing clients call it, and with invalid requests.

import assert from 'node:assert/strict'
import { type ClientHttp2Stream, connect as connectHttp2 } from 'node:http2'
import { before, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as grpc from '@grpc/grpc-js'
import fc from 'fast-check'
import { service as healthService } from 'grpc-health-check'
import { sql } from 'kysely'
import type { ArticleId } from '../../src/base/id.ts'
import { ANONYMOUS } from '../../src/base/viewer.ts'
import { createRemoteRecommender } from '../../src/recommend/grpc/client.ts'
import { cleanup } from '../support/cleanup.ts'
import { AN_HOUR_AGO } from '../support/feed-pages.ts'
import { connectGrpcPeer, type GrpcPeer, type Request, type Response } from '../support/grpc-peer.ts'
import { type Person, type Product, startProduct } from '../support/product.ts'
import { eventually, PATIENCE_MS, pause, within } from '../support/waiting.ts'

const PATH = '/UserRecommend/user_recommend'
const INT_MAX = 2 ** 31 - 1
// user_id values of anonymous viewers: ids that belong to no reader, and text that is no id.
const ANONYMOUS_IDS = ['', 'annoy', 'abc', '1', '1145898700000071271', '-5', '1.5', '99999999999999999999']

let product: Product
let peer: GrpcPeer
let alice: Person
let tech: number
let published: ArticleId[]
let nextTimestamp = AN_HOUR_AGO

before(async () => {
  product = await startProduct()
  alice = await product.signIn('alice')
  tech = await product.createChannel('科技')
  published = await product.publish(Array.from({ length: 64 }, (_, i) => ({ channel: tech, title: `标题 ${i}`, ageSeconds: i * 60 })))
  peer = connectGrpcPeer(product.grpc)
})

/** A number that was never sent: a refresh. */
const fresh = () => nextTimestamp++
const idsOf = (response: Response) => response.recommends.map(one => one.article_id)
const refused = (code: grpc.status) => (err: unknown) => (err as grpc.ServiceError).code === code

async function scroll(load: (cursor: string) => Promise<Response>): Promise<Response[]> {
  const pages: Response[] = []
  for (let cursor = String(fresh()); cursor !== '0'; cursor = pages.at(-1)?.time_stamp ?? '0') {
    pages.push(await load(cursor))
    assert.ok(pages.length < 50, 'the feed never ends')
  }
  return pages
}

test('a page over gRPC has exact ids, and is the page that HTTP shows for the same cursor', async () => {
  const { body } = await alice.get(`/app/v1_1/articles?channel_id=${tech}&timestamp=${fresh()}&with_top=0`)
  const next = body.data.pre_timestamp
  const response = await peer.recommend({ user_id: String(alice.id), channel_id: tech, article_num: 10, time_stamp: next })
  assert.equal(response.recommends.length, 10)
  for (const id of idsOf(response)) {
    assert.match(id, /^\d{19}$/)
    assert.ok(published.includes(BigInt(id) as ArticleId), `${id} is no article of ours: digits were lost`)
  }
  assert.match(response.exposure, /^e[A-Za-z0-9_-]{64}$/)
  const shown = await alice.get(`/app/v1_1/articles?channel_id=${tech}&timestamp=${next}&with_top=0`)
  assert.deepEqual(
    shown.body.data.results.map((one: { art_id: bigint; trace: unknown }) => ({ article_id: String(one.art_id), track: one.trace })),
    response.recommends,
  )
  assert.equal(String(shown.body.data.pre_timestamp), response.time_stamp)
})

const viewers: Record<string, () => string> = { 'a reader': () => String(alice.id), 'an anonymous viewer': () => 'annoy' }
for (const [who, userId] of Object.entries(viewers))
  test(`${who} who scrolls over gRPC sees every article once, then an empty page, and each page again unchanged`, async () => {
    const ask = (time_stamp: string) => peer.recommend({ user_id: userId(), channel_id: tech, article_num: 10, time_stamp })
    const cursors: string[] = []
    const pages = await scroll(cursor => {
      cursors.push(cursor)
      return ask(cursor)
    })
    const all = pages.flatMap(idsOf)
    assert.equal(new Set(all).size, all.length, 'no article is shown twice')
    if (who === 'an anonymous viewer') assert.equal(all.length, published.length)
    assert.deepEqual(pages.at(-1), { exposure: '', time_stamp: '0', recommends: [] })
    for (const page of pages.slice(0, -1)) assert.notEqual(page.time_stamp, '0')
    // The first number was a refresh: to an anonymous viewer it means the list of the current minute.
    for (const [i, cursor] of cursors.entries()) if (i > 0) assert.deepEqual(await ask(cursor), pages[i])
  })

test('our own client gets the same page as an existing client', async () => {
  const remote = createRemoteRecommender({ address: product.grpc, deadlineMs: PATIENCE_MS })
  cleanup(async () => remote.close())
  const cursor = fresh()
  const ours = await remote.recommend({ viewer: { kind: 'reader', id: alice.id }, channelId: tech, count: 10, cursor: cursor })
  const theirs = await peer.recommend({ user_id: String(alice.id), channel_id: tech, article_num: 10, time_stamp: cursor })
  assert.deepEqual(
    {
      exposure: ours.exposureToken,
      time_stamp: String(ours.nextCursor),
      recommends: ours.items.map(one => [String(one.articleId), one.tokens]),
    },
    { ...theirs, recommends: theirs.recommends.map(one => [one.article_id, one.track]) },
  )
  await assert.rejects(remote.recommend({ viewer: ANONYMOUS, channelId: tech, count: 101, cursor: cursor }), { kind: 'invalid' })
})

test('all anonymous viewers get the same list', async () => {
  for (let minute = -1; minute !== Math.floor(Date.now() / 60_000); ) {
    minute = Math.floor(Date.now() / 60_000)
    const cursor = fresh()
    const all = await Promise.all(
      ANONYMOUS_IDS.map(user_id => peer.recommend({ user_id, channel_id: tech, article_num: 10, time_stamp: cursor })),
    )
    const http = await product.request('GET', `/app/v1_0/articles?channel_id=${tech}&timestamp=${cursor}`)
    // A new minute, and with it a new list, has begun meanwhile: try again.
    if (minute !== Math.floor(Date.now() / 60_000)) continue
    for (const one of all) assert.deepEqual(one, all[0])
    assert.deepEqual(
      http.body.data.results.map((one: { art_id: bigint }) => String(one.art_id)),
      idsOf(all[0] as Response),
    )
  }
})

test('a device named in the header has pages of its own, the same as over HTTP', async () => {
  const cursor = fresh()
  const first = await peer.recommend({ channel_id: tech, article_num: 10, time_stamp: cursor }, { 'x-device': 'phone-7' })
  const options = { headers: { authorization: 'Anony phone-7' } }
  const next = await product.request('GET', `/app/v1_0/articles?channel_id=${tech}&timestamp=${first.time_stamp}`, undefined, options)
  const again = await peer.recommend({ channel_id: tech, article_num: 10, time_stamp: first.time_stamp }, { 'x-device': 'phone-7' })
  assert.deepEqual(
    next.body.data.results.map((one: { art_id: bigint }) => String(one.art_id)),
    idsOf(again),
  )
  assert.deepEqual(
    idsOf(again).filter(id => idsOf(first).includes(id)),
    [],
  )
  const anonymous = await peer.recommend({ channel_id: tech, article_num: 10, time_stamp: cursor }, { 'x-device': 'two words' })
  assert.equal(anonymous.time_stamp.length, 14, 'an invalid device id makes the viewer anonymous')
  const missing = await peer.recommend({ channel_id: tech, article_num: 10, time_stamp: cursor }, { 'x-device': 'undefined' })
  assert.equal(missing.time_stamp.length, 14, 'a missing one too')
})

test('a client gets one article, or up to a hundred', async () => {
  const ask = (article_num: number) => peer.recommend({ user_id: 'annoy', channel_id: tech, article_num, time_stamp: fresh() })
  assert.equal((await ask(1)).recommends.length, 1)
  assert.equal((await ask(100)).recommends.length, 64)
})

const outOfBounds: Record<string, Request> = {
  'article_num 0': { article_num: 0 },
  'article_num -1': { article_num: -1 },
  'article_num 101': { article_num: 101 },
  'article_num 2^31-1': { article_num: INT_MAX },
  'article_num -2^31': { article_num: -INT_MAX - 1 },
  'channel_id -7': { channel_id: -7 },
  'time_stamp -1': { time_stamp: -1 },
  'time_stamp -2^63': { time_stamp: '-9223372036854775808' },
  'user_id of 65 characters': { user_id: 'x'.repeat(65) },
}
for (const [what, wrong] of Object.entries(outOfBounds))
  test(`${what} is refused, for a reader and for an anonymous viewer`, async () => {
    for (const user_id of [String(alice.id), ''])
      await assert.rejects(
        peer.recommend({ user_id, channel_id: tech, article_num: 10, time_stamp: fresh(), ...wrong }),
        refused(grpc.status.INVALID_ARGUMENT),
      )
  })

test('a channel that does not exist is empty', async () => {
  for (const user_id of [String(alice.id), 'annoy', ''])
    for (const channel_id of [999_999, INT_MAX]) {
      const response = await peer.recommend({ user_id, channel_id, article_num: 10, time_stamp: fresh() })
      assert.deepEqual(response, { exposure: '', time_stamp: '0', recommends: [] })
    }
})

test('any time_stamp is answered, up to the largest int64', async () => {
  const bob = await product.signIn('bob')
  for (const time_stamp of ['0', '1', '1556789000001', '9007199254740991', '9007199254740993', '9223372036854775807'])
    for (const user_id of [String(bob.id), 'annoy']) {
      const { recommends, time_stamp: next } = await peer.recommend({ user_id, channel_id: tech, article_num: 10, time_stamp })
      assert.equal(recommends.length, 10, `${time_stamp} of ${user_id}`)
      assert.match(next, /^\d{13,15}$/)
    }
})

test('a user_id of ten megabytes is refused, and the next call is answered', async () => {
  await assert.rejects(peer.recommend({ user_id: 'x'.repeat(10_000_000), article_num: 10 }), refused(grpc.status.RESOURCE_EXHAUSTED))
  assert.equal((await peer.recommend({ channel_id: tech, article_num: 10, time_stamp: fresh() })).recommends.length, 10)
})

test('malformed messages and unknown methods are refused', async () => {
  for (const bytes of [Buffer.from([0x0a, 0xff]), Buffer.alloc(200, 0xff), Buffer.from([0x0a, 0x02, 0xc3, 0x28])])
    await assert.rejects(peer.send(PATH, bytes), (err: grpc.ServiceError) => {
      assert.ok([grpc.status.INVALID_ARGUMENT, grpc.status.INTERNAL].includes(err.code))
      assert.doesNotMatch(err.details, /node_modules|\bat /, 'the error reveals nothing of the server')
      return true
    })
  await assert.rejects(peer.send('/UserRecommend/delete_everything', Buffer.alloc(0)), refused(grpc.status.UNIMPLEMENTED))
})

/** Of a call that sends bytes of its own. */
function statusOf(stream: ClientHttp2Stream): Promise<unknown> {
  const answered = new Promise(resolve => {
    stream.on('response', answer => 'grpc-status' in answer && resolve(answer['grpc-status']))
    stream.on('trailers', trailers => resolve(trailers['grpc-status']))
    stream.resume()
  })
  return within(answered, 'the server says how the call ended')
}

test('a call whose deadline has passed stores no page', async () => {
  const pages = async () => (await product.db.selectFrom('page').select('id').execute()).length
  const [earlier, session] = [await pages(), connectHttp2(`http://${product.grpc}`)]
  const message = Buffer.concat([Buffer.from([0x0a, 19]), Buffer.from(String(alice.id)), Buffer.from([0x18, 10])])
  const frame = Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message])
  const statuses = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const headers = { ':method': 'POST', ':path': PATH, 'content-type': 'application/grpc', te: 'trailers', 'grpc-timeout': '1n' }
      const stream = session.request(headers)
      setTimeout(() => stream.end(frame), 20) // what a slow network makes of a short deadline
      return statusOf(stream)
    }),
  )
  session.close()
  assert.deepEqual(
    statuses,
    statuses.map(() => '4'), // DEADLINE_EXCEEDED
  )
  await pause(100)
  assert.equal(await pages(), earlier)
})

/** Whatever the machine does, a call is over before. */
const LONG_MS = 600_000
const UNITS_MS = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 }

test('a long deadline is a long one in every unit, also if it is further away than a timer can hold', async () => {
  const session = connectHttp2(`http://${product.grpc}`)
  const message = Buffer.concat([Buffer.from([0x0a, 19]), Buffer.from(String(alice.id)), Buffer.from([0x18, 10])])
  const statusFor = (timeout: string) => {
    const headers = { ':method': 'POST', ':path': PATH, 'content-type': 'application/grpc', te: 'trailers', 'grpc-timeout': timeout }
    const stream = session.request(headers)
    const status = statusOf(stream)
    stream.end(Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message]))
    return status
  }
  for (const timeout of ['2592000S', '2147483S', '2147484S', '596H', '597H', '99999999H'])
    assert.equal(await statusFor(timeout), '0', timeout)
  const long = fc
    .tuple(fc.integer({ min: 1, max: 99_999_999 }), fc.constantFrom(...(Object.keys(UNITS_MS) as (keyof typeof UNITS_MS)[])))
    .filter(([digits, unit]) => digits * UNITS_MS[unit] >= LONG_MS)
    .map(([digits, unit]) => `${digits}${unit}`)
  await fc.assert(
    fc.asyncProperty(long, async timeout => assert.equal(await statusFor(timeout), '0')),
    { numRuns: 30 },
  )
  session.close()
})

/** Without garbage. */
function heapUsedMb(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed / 1024 ** 2
}

test('a thousand invalid requests neither fill the memory nor delay a valid one', async t => {
  const carol = await product.signIn('carol')
  const invalid: Request[] = [
    { article_num: INT_MAX },
    { article_num: 0 },
    { article_num: -1 },
    { article_num: 100, channel_id: -7 },
    { article_num: 100, time_stamp: '-1' },
    { article_num: 100, time_stamp: '9223372036854775807', channel_id: tech },
    { article_num: 100, user_id: '\u0000'.repeat(64), channel_id: tech },
    { article_num: 100, user_id: 'x'.repeat(100_000) },
  ]
  const send = async (count: number) => {
    for (let sent = 0; sent < count; sent += 50)
      await Promise.all(
        Array.from({ length: 50 }, (_, i) => peer.recommend(invalid[(sent + i) % invalid.length] as Request).catch(() => {})),
      )
  }
  await send(100) // compiled code and grown buffers, as after any load
  const before = heapUsedMb()
  // A thousand, and more until it is answered.
  let isAnswered = false
  const invalidCalls = (async () => {
    await send(1_000)
    while (!isAnswered) await send(50)
  })()
  await pause(50)
  const good = await peer
    .recommend({ user_id: String(carol.id), channel_id: tech, article_num: 10, time_stamp: fresh() })
    .finally(() => (isAnswered = true))
  await invalidCalls
  assert.equal(good.recommends.length, 10)
  const grown = heapUsedMb() - before
  t.diagnostic(`the heap grew by ${grown.toFixed(1)} MB from ${before.toFixed(0)} MB`)
  assert.ok(grown < 30, `grew by ${grown} MB`)
})

const Health = grpc.makeClientConstructor(healthService as never, 'Health')
type Status = { status: string }
const health = (address: string) => {
  const client = new Health(address, grpc.credentials.createInsecure())
  cleanup(async () => client.close())
  const check = (service: string) =>
    new Promise<string>((resolve, reject) =>
      client.check?.({ service }, { deadline: Date.now() + PATIENCE_MS }, (err: Error | null, got: Status) =>
        err ? reject(err) : resolve(got.status),
      ),
    )
  const watch = (service: string): grpc.ClientReadableStream<Status> => client.watch?.({ service })
  return { check, watch }
}

test('health is SERVING, and NOT_SERVING for clients that watch it before the server closes; a call in flight then is answered', async () => {
  const own = await startProduct()
  const { check, watch } = health(own.grpc)
  assert.deepEqual(await Promise.all(['', 'UserRecommend'].map(check)), ['SERVING', 'SERVING'])
  await assert.rejects(check('Nothing'), refused(grpc.status.NOT_FOUND))
  const statuses: string[] = []
  const watching = watch('UserRecommend').on('data', ({ status }: Status) => statuses.push(status))
  const over = new Promise(resolve => watching.on('error', resolve).on('end', resolve))
  await eventually(
    () => statuses.length,
    count => count > 0,
  )
  const [dora, channel] = [await own.signIn('dora', '13800000010'), await own.createChannel('科技')]
  await own.publish(Array.from({ length: 12 }, () => ({ channel })))
  const client = connectGrpcPeer(own.grpc)
  let release = () => {}
  const held = new Promise<void>(resolve => {
    release = resolve
  })
  const taken = Promise.withResolvers<void>()
  // Storing the page waits for the viewer's advisory lock (migrations/0006-feed.sql), which this transaction holds.
  const holding = own.db.transaction().execute(async tx => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`r${dora.id}`}, ${channel}))`.execute(tx)
    taken.resolve()
    await held
  })
  await within(taken.promise, 'a transaction has the lock')
  const calls = Promise.all(
    Array.from({ length: 5 }, () =>
      client.recommend({ user_id: String(dora.id), channel_id: channel, article_num: 10, time_stamp: fresh() }),
    ),
  )
  const waiting = () => sql`select from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`.execute(own.db)
  await eventually(waiting, ({ rows }) => rows.length > 0)
  await pause(200) // until all five calls have arrived
  const closing = own.app.close()
  await pause(500)
  release()
  await holding
  for (const response of await calls) assert.equal(response.recommends.length, 10)
  await within(closing, 'the product closes') // which does not wait for clients that watch
  await within(over, 'the watch ends')
  assert.deepEqual(statuses, ['SERVING', 'NOT_SERVING'])
  await assert.rejects(client.recommend({ article_num: 10 }, {}, 500))
})

test('reflection lists the service and describes it', async () => {
  for (const version of ['v1', 'v1alpha']) {
    const say = (bytes: Buffer) =>
      new Promise<string>((resolve, reject) => {
        const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`
        const stream = peer.client.makeBidiStreamRequest(
          path,
          (given: Buffer) => given,
          given => given,
          { deadline: Date.now() + PATIENCE_MS },
        )
        stream.on('data', (answer: Buffer) => resolve(answer.toString('latin1'))).on('error', reject)
        stream.write(bytes)
        stream.end()
      })
    const field = (number: number, text: string) => Buffer.concat([Buffer.from([(number << 3) | 2, text.length]), Buffer.from(text)])
    assert.match(await say(field(7, '*')), /\rUserRecommend/) // list_services: the name behind its length
    assert.match(await say(field(4, 'UserRecommend')), /user_recommend.*UserRequest.*ArticleResponse/s) // file_containing_symbol
  }
})

test('if a key is set, calls without it are refused', async () => {
  const key = 'k'.repeat(32)
  const own = await startProduct({ env: { RECOMMENDER_KEY: key } })
  const client = connectGrpcPeer(own.grpc)
  for (const headers of [{}, { 'x-recommender-key': 'wrong' }, { 'x-recommender-key': `${key}k` }] as Record<string, string>[])
    await assert.rejects(client.recommend({ article_num: 10 }, headers), refused(grpc.status.UNAUTHENTICATED))
  assert.deepEqual((await client.recommend({ article_num: 10 }, { 'x-recommender-key': key })).recommends, [])
  const ours = createRemoteRecommender({ address: own.grpc, key, deadlineMs: PATIENCE_MS })
  cleanup(async () => ours.close())
  assert.deepEqual(await ours.recommend({ viewer: ANONYMOUS, channelId: 0, count: 10, cursor: 1 }), {
    exposureToken: '',
    nextCursor: 0,
    pinned: [],
    items: [],
  })
})
