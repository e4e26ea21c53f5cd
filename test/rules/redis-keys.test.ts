// Compares every key that the product uses in Redis with the tables of docs/redis.md, on a Redis that refuses commands over
// several slots, as a Redis Cluster does. MONITOR shows keys that exist only for a moment.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createClient } from '@redis/client'
import { CORRUPT_KEY } from '../../src/engines/counters/redis/keys.ts'
import { cleanup } from '../support/cleanup.ts'
import { startProduct } from '../support/product.ts'
import { connectRedis, freePort, NO_REDIS, startRedis, type TestRedis } from '../support/redis.ts'
import { openSocket } from '../support/sockets.ts'
import { eventually, PATIENCE_MS } from '../support/waiting.ts'

interface Row {
  key: string
  pattern: RegExp
  type: string
  /** Undefined: it does not expire. */
  ttlMsMax: number | undefined
}

/** What stands for the capital words in a documented key. */
const PLACEHOLDERS: Record<string, string> = {
  KIND: '[a-z._]+',
  SHARD: '\\d+',
  UUID: '[0-9a-f-]{36}',
  READER: '\\d+',
  NAME: '[a-z]+',
  KEY: '[^:]+',
  TOPIC: '[a-z]+',
  UID: '[\\w-]{6}',
}
const UNITS_MS: Record<string, number> = { s: 1_000, min: 60_000, h: 3_600_000 }

/** Is written every ten seconds, whatever readers do. */
const ONLINE = 'bs:online:READER'

/** The table rows of the document whose first cell is a key. */
function readDocumentedKeys(): Row[] {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'redis.md'), 'utf8')
  return [...text.matchAll(/^\| `(bs:[^`]+)` \| (\w+) \| .* \| ([^|]*) \| .* \| .* \|$/gm)].map(
    ([, key = '', type = '', lifetime = '']) => {
      const pattern = key
        .replace(/[{}*]/g, '\\$&')
        .replace(/[A-Z]+/g, word => PLACEHOLDERS[word] ?? assert.fail(`unknown placeholder ${word}`))
      const bounds = [...lifetime.matchAll(/([\d.]+) (min|s|h)\b/g)].map(([, n, unit = '']) => Number(n) * (UNITS_MS[unit] as number))
      return { key, type, pattern: new RegExp(`^${pattern}$`), ttlMsMax: bounds.length > 0 ? Math.max(...bounds) : undefined }
    },
  )
}

/** A cluster of one node that has all slots. */
async function startClusterOfOne(): Promise<TestRedis> {
  const redis = await startRedis('--cluster-enabled', 'yes', '--cluster-port', String(await freePort()))
  await redis.send('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
  await eventually(
    () => redis.send<string>('CLUSTER', 'INFO'),
    info => info.includes('cluster_state:ok'),
  )
  return redis
}

test('every key in Redis is documented with its type and lifetime, and no command needs two slots', { skip: NO_REDIS }, async () => {
  const documented = readDocumentedKeys()
  const redis = await startClusterOfOne()
  const used = new Set<string>()
  /** By a reader. The applier names its key each time it looks. */
  let isReported = false
  const monitor = createClient({ url: redis.url })
  cleanup(async () => monitor.destroy())
  await monitor.connect()
  await monitor.monitor(line => {
    isReported ||= String(line).includes(`"SADD" "${CORRUPT_KEY}"`)
    for (const [, word = ''] of String(line).matchAll(/"((?:[^"\\]|\\.)*)"/g)) if (word.startsWith('bs:')) used.add(word)
  })
  const rowsOf = (key: string) => documented.filter(({ pattern }) => pattern.test(key))

  const { url, request, signIn, createChannel, publish } = await startProduct({ env: { REDIS_URL: redis.url }, alwaysEmbedded: true })
  const [alice, bob] = [await signIn('alice'), await signIn('bob')]
  const tech = await createChannel('科技')
  const [id] = await publish(Array.from({ length: 12 }, () => ({ author: bob.id, channel: tech })))
  await request('GET', '/app/v1_0/sms/codes/13911111111')
  await request('POST', '/mis/v1_0/authorizations', { account: 'admin', password: 'none of ours' })
  await openSocket(url, { query: { token: alice.token } }).connected()
  const journey = async () => {
    await alice.get('/app/v1_0/imtest/f')
    await alice.get(`/app/v1_1/articles?channel_id=${tech}&timestamp=${Date.now()}&with_top=1`)
    await alice.get(`/app/v1_0/articles/${id}`)
    await request('GET', `/app/v1_0/articles/${BigInt(id as bigint) + 1_000n}`)
    await alice.post('/app/v1_0/article/likings', { target: id })
    await alice.post('/app/v1_0/user/followings', { target: bob.id })
    await alice.post('/app/v1_0/comments', { target: id, content: 'first' })
    await alice.get('/app/v1_0/user')
    await request('GET', `/app/v1_0/users/${bob.id}`)
  }
  await journey()
  // Readers report missing shards in a key of their own, as soon as counts are read from Redis.
  const loseShards = async () => {
    for (const key of used) if (/^bs:\{count:article\.\w+:\d+\}$/.test(key)) await redis.send('UNLINK', key)
  }
  const unused = () => documented.filter(({ pattern }) => ![...used].some(key => pattern.test(key))).map(({ key }) => key)
  await eventually(
    async () => {
      if (isReported && unused().every(key => key === ONLINE)) return unused()
      await loseShards()
      await journey()
      return unused()
    },
    left => left.length === 0 && isReported, // otherwise a documented key is not used
    3 * PATIENCE_MS,
  )

  const undocumented = [...used].filter(key => rowsOf(key).length !== 1)
  assert.deepEqual(undocumented, [], 'used, but not documented')
  const connection = await connectRedis(redis.url)
  const keys = await connection.send<string[]>(['KEYS', '*'], PATIENCE_MS)
  const commands = keys.flatMap(key => [
    ['TYPE', key],
    ['PTTL', key],
  ])
  const answers = await connection.pipeline<string | number>(commands, PATIENCE_MS)
  for (const [i, key] of keys.entries()) {
    const [row] = rowsOf(key)
    const [type, ttl] = [answers[2 * i], Number(answers[2 * i + 1])]
    if (type === 'none' || ttl === -2) continue // it has expired
    assert.equal(type, row?.type, key)
    if (row?.ttlMsMax === undefined) assert.equal(ttl, -1, `${key} does not expire`)
    else assert.ok(ttl >= 0 && ttl <= row.ttlMsMax, `${key} expires in ${ttl} ms`)
  }
  const errors = await redis.send<string>('INFO', 'errorstats')
  assert.doesNotMatch(errors, /CROSSSLOT|WRONGTYPE|MOVED/, errors)
})
