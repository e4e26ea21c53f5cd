// Every key we use in Redis, against the table in docs/redis.md; on a Redis that refuses commands over several slots, as a
// Redis Cluster does. What is used only for a moment is heard of by MONITOR.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createClient } from '@redis/client'
import { cleanup } from '../support/cleanup.ts'
import { startProduct } from '../support/product.ts'
import { connectRedis, freePort, NO_REDIS, startRedis, type TestRedis } from '../support/redis.ts'
import { eventually, PATIENCE_MS } from '../support/waiting.ts'

interface Line {
  key: string
  pattern: RegExp
  type: string
  /** Undefined: it stays. */
  livesMs: number | undefined
}

const WORDS: Record<string, string> = {
  KIND: '[a-z._]+',
  SHARD: '\\d+',
  UUID: '[0-9a-f-]{36}',
  READER: '\\d+',
  NAME: '[a-z]+',
  KEY: '[^:]+',
  TOPIC: '[a-z]+',
}
const UNITS_MS: Record<string, number> = { s: 1_000, min: 60_000, h: 3_600_000 }

/** The lines of the document's tables whose first cell is a key. */
function documented(): Line[] {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'redis.md'), 'utf8')
  return [...text.matchAll(/^\| `(bs:[^`]+)` \| (\w+) \| .* \| ([^|]*) \| .* \| .* \|$/gm)].map(([, key = '', type = '', lives = '']) => {
    const pattern = key.replace(/[{}]/g, '\\$&').replace(/[A-Z]+/g, word => WORDS[word] ?? assert.fail(`what is ${word}?`))
    const bounds = [...lives.matchAll(/([\d.]+) (min|s|h)\b/g)].map(([, n, unit = '']) => Number(n) * (UNITS_MS[unit] as number))
    return { key, type, pattern: new RegExp(`^${pattern}$`), livesMs: bounds.length > 0 ? Math.max(...bounds) : undefined }
  })
}

/** One node that has all slots. */
async function clusterOfOne(): Promise<TestRedis> {
  const redis = await startRedis('--cluster-enabled', 'yes', '--cluster-port', String(await freePort()))
  await redis.send('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
  await eventually(
    () => redis.send<string>('CLUSTER', 'INFO'),
    info => info.includes('cluster_state:ok'),
  )
  return redis
}

test('every key in Redis is in the document, with its type and life, and no command needs two slots', { skip: NO_REDIS }, async () => {
  const lines = documented()
  const redis = await clusterOfOne()
  const used = new Set<string>()
  const monitor = createClient({ url: redis.url })
  cleanup(async () => monitor.destroy())
  await monitor.connect()
  await monitor.monitor(line => {
    for (const [, word = ''] of String(line).matchAll(/"((?:[^"\\]|\\.)*)"/g)) if (word.startsWith('bs:')) used.add(word)
  })
  const lineOf = (key: string) => lines.filter(({ pattern }) => pattern.test(key))

  const { request, signIn, createChannel, publish } = await startProduct({ env: { REDIS_URL: redis.url }, alwaysEmbedded: true })
  const [alice, bob] = [await signIn('alice'), await signIn('bob')]
  const tech = await createChannel('科技')
  const [id] = await publish(Array.from({ length: 12 }, () => ({ author: bob.id, channel: tech })))
  await eventually(
    () => redis.send<number>('EXISTS', 'bs:{count}:fresh'),
    there => there === 1,
  )
  await request('GET', '/app/v1_0/sms/codes/13911111111')
  await request('POST', '/mis/v1_0/authorizations', { account: 'admin', password: 'none of ours' })
  const journey = async () => {
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
  // What is missing is told of to who makes it anew.
  for (const key of used) if (/^bs:\{count:article\.\w+:\d+\}$/.test(key)) await redis.send('UNLINK', key)
  const unseen = () => lines.filter(({ pattern }) => ![...used].some(key => pattern.test(key))).map(({ key }) => key)
  await eventually(
    async () => {
      await journey()
      return unseen()
    },
    left => left.length === 0, // what is left is in the document, and not used
    3 * PATIENCE_MS,
  )

  const strangers = [...used].filter(key => lineOf(key).length !== 1)
  assert.deepEqual(strangers, [], 'used, and not in the document')
  const ours = await connectRedis(redis.url)
  const keys = await ours.send<string[]>(['KEYS', '*'], PATIENCE_MS)
  const asked = keys.flatMap(key => [
    ['TYPE', key],
    ['PTTL', key],
  ])
  const answers = await ours.pipeline<string | number>(asked, PATIENCE_MS)
  for (const [i, key] of keys.entries()) {
    const [line] = lineOf(key)
    const [type, ttl] = [answers[2 * i], Number(answers[2 * i + 1])]
    if (type === 'none' || ttl === -2) continue // it has gone meanwhile
    assert.equal(type, line?.type, key)
    if (line?.livesMs === undefined) assert.equal(ttl, -1, `${key} stays`)
    else assert.ok(ttl >= 0 && ttl <= line.livesMs, `${key} lives ${ttl} ms`)
  }
  const errors = await redis.send<string>('INFO', 'errorstats')
  assert.doesNotMatch(errors, /CROSSSLOT|WRONGTYPE|MOVED/, errors)
})
