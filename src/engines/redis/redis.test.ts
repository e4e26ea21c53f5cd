import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { test } from 'node:test'
import { createClient } from '@redis/client'
import { cleanup } from '../../../test/support/cleanup.ts'
import { connectRedis, NO_REDIS, startRedis, startSentinel } from '../../../test/support/redis.ts'
import { startTcpProxy } from '../../../test/support/tcp-proxy.ts'
import { eventually, PATIENCE_MS, pause } from '../../../test/support/waiting.ts'
import { silentLog } from '../../base/log.ts'
import { openRedis } from './open-redis.ts'
import { defineScript, RedisUnavailable } from './redis.ts'

const skip = NO_REDIS
const server = skip ? undefined : await startRedis()
const url = server?.url ?? ''

async function portOf(listening: Server): Promise<number> {
  await once(listening, 'listening')
  cleanup(async () => void listening.close())
  return (listening.address() as AddressInfo).port
}

test('a pipeline answers each command in its place, an error for those that are wrong', { skip }, async () => {
  const redis = await connectRedis(url)
  const outcomes = await redis.pipeline(
    [
      ['SET', 'bs:a', '1'],
      ['LPUSH', 'bs:a', 'x'],
      ['GET', 'bs:a'],
      ['HGETALL', 'bs:none'],
    ],
    PATIENCE_MS,
  )
  assert.deepEqual([outcomes[0], outcomes[2]], ['OK', '1'])
  assert.match((outcomes[1] as Error).message, /^WRONGTYPE/)
  await assert.rejects(
    redis.send(['LPUSH', 'bs:a', 'x'], PATIENCE_MS),
    (err: Error) => !(err instanceof RedisUnavailable) && /WRONGTYPE/.test(err.message),
  )
})

test('a script is sent whole only where Redis does not know it, and survives its forgetting', { skip }, async () => {
  const redis = await connectRedis(url)
  const script = defineScript(`return redis.call('INCRBY', KEYS[1], ARGV[1])`)
  const calls = [1, 2, 3].map(n => ({ keys: ['bs:s'], args: [String(n)] }))
  for (let round = 1; round <= 2; round++) {
    await server?.send('SCRIPT', 'FLUSH')
    await server?.send('DEL', 'bs:s')
    assert.deepEqual(await redis.runAll(script, calls, PATIENCE_MS), [1, 3, 6])
    assert.equal(await redis.run(script, { keys: ['bs:s'], args: ['4'] }, PATIENCE_MS), 10)
  }
})

test('a Redis that hangs costs a bounded wait, is noticed, and used again when it goes on', { skip }, async () => {
  const hangs = await startRedis()
  const redis = await connectRedis(hangs.url)
  const before = redis.instance()
  hangs.signal('SIGSTOP') // and as long as it does, it answers nothing
  await assert.rejects(redis.send(['GET', 'bs:a'], 50), RedisUnavailable)
  await eventually(
    async () => redis.isReady(),
    ready => !ready,
  )
  // Nothing waits for a Redis that is known to be away, however long it was ready to.
  await assert.rejects(redis.send(['GET', 'bs:a'], 2 ** 31 - 1), RedisUnavailable)
  hangs.signal('SIGCONT')
  await redis.connected(PATIENCE_MS)
  assert.equal(await redis.send(['SET', 'bs:a', '1'], PATIENCE_MS), 'OK')
  assert.equal(redis.instance(), before, 'it is the same one')
})

test('a network that swallows everything is noticed, and the connection made anew once it does not', { skip }, async () => {
  const proxy = await startTcpProxy(server?.port as number)
  const redis = await connectRedis(`redis://127.0.0.1:${proxy.port}`)
  proxy.blackhole()
  await eventually(
    () => redis.isReady(),
    ready => !ready,
  )
  proxy.heal()
  await redis.connected(PATIENCE_MS)
  assert.equal(await redis.send(['PING'], PATIENCE_MS), 'PONG')
})

test('a Redis that is killed is used again once it is back, and known as another', { skip }, async () => {
  const dies = await startRedis()
  const redis = await connectRedis(dies.url)
  const before = redis.instance()
  await dies.kill()
  await eventually(
    async () => redis.isReady(),
    ready => !ready,
  )
  await assert.rejects(redis.send(['PING']), RedisUnavailable)
  await dies.start()
  await redis.connected(PATIENCE_MS)
  assert.equal(await redis.send(['PING'], PATIENCE_MS), 'PONG')
  assert.notEqual(redis.instance(), before)
})

test('a command whose answer is lost fails and is not sent again', { skip }, async () => {
  // Passes what is asked, and breaks the connection instead of passing the answer to an INCR.
  const proxy = createServer(client => {
    const redis = new (client.constructor as typeof Socket)().connect(server?.port as number, '127.0.0.1')
    let incremented = false
    client.on('data', chunk => {
      incremented ||= chunk.includes('INCR')
      redis.write(chunk)
    })
    redis.on('data', chunk => (incremented ? client.destroy() : client.write(chunk)))
    for (const socket of [client, redis]) socket.on('error', () => {}).on('close', () => [client, redis].forEach(each => each.destroy()))
  }).listen(0, '127.0.0.1')
  const port = await portOf(proxy)
  const redis = await connectRedis(`redis://127.0.0.1:${port}`)
  await assert.rejects(redis.send(['INCR', 'bs:once'], PATIENCE_MS), RedisUnavailable)
  await redis.connected(PATIENCE_MS)
  await pause(200)
  assert.equal(await server?.send('GET', 'bs:once'), '1')
})

test('a wrong password, or something that is no Redis, is as if there were none; the right one is used', { skip }, async () => {
  const locked = await startRedis('--requirepass', 'sesame')
  const web = createServer(socket => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1')
  const port = await portOf(web)
  for (const wrong of [locked.url, locked.url.replace('//', '//:other@'), `redis://127.0.0.1:${port}`, 'redis://127.0.0.1:1']) {
    const redis = openRedis({ url: wrong, name: 'test', log: silentLog })
    await redis.connected(200)
    await assert.rejects(redis.send(['PING']), RedisUnavailable, wrong)
    await redis.close()
  }
  assert.equal(await (await connectRedis(locked.url.replace('//', '//:sesame@'))).send(['PING'], PATIENCE_MS), 'PONG')
})

test('who subscribes hears what is said, and is told after a break that something may have been missed', { skip }, async () => {
  const talks = await startRedis()
  const redis = await connectRedis(talks.url)
  const heard: string[] = []
  let backs = 0
  redis.subscribe(
    'bs:news',
    message => heard.push(message),
    () => backs++,
  )
  await eventually(
    async () => backs,
    n => n === 1,
  )
  await redis.send(['PUBLISH', 'bs:news', 'one'], PATIENCE_MS)
  await eventually(
    async () => heard.length,
    n => n === 1,
  )
  await talks.kill()
  await talks.start()
  await eventually(
    async () => backs,
    n => n === 2,
  )
  await redis.connected(PATIENCE_MS)
  await redis.send(['PUBLISH', 'bs:news', 'two'], PATIENCE_MS)
  await eventually(
    async () => heard.length,
    n => n === 2,
  )
  assert.deepEqual([heard, backs], [['one', 'two'], 2])
})

test('the master is found through Sentinel, and the next one after a failover', { skip }, async () => {
  const one = await startRedis()
  const two = await startRedis('--replicaof', '127.0.0.1', String(one.port))
  const sentinel = await startSentinel('news', one)
  const saysMaster = async () => (await askSentinel(sentinel.port, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'news'))[1]
  // It hears of the other one from the first, and may choose it once it has copied everything.
  await until(async () => (await askSentinel(sentinel.port, 'SENTINEL', 'REPLICAS', 'news')).length === 1)
  await until(async () => /master_link_status:up/.test(await two.send('INFO', 'replication')))
  const redis = await connectRedis(`redis+sentinel://127.0.0.1:1,127.0.0.1:${sentinel.port}/news`)
  await redis.send(['SET', 'bs:who', 'x'])
  assert.equal(await one.send('GET', 'bs:who'), 'x')
  const before = redis.instance()
  await one.kill()
  await until(async () => (await saysMaster()) === String(two.port))
  await until(async () => redis.isReady() && redis.instance() !== before)
  await redis.send(['SET', 'bs:who', 'y'], PATIENCE_MS)
  assert.equal(await two.send('GET', 'bs:who'), 'y')
})

test('a Sentinel that knows no such group, or names one that is no master, is as if there were no Redis', { skip }, async () => {
  const one = await startRedis()
  const sentinel = await startSentinel('news', one)
  const wrong = openRedis({ url: `redis+sentinel://127.0.0.1:${sentinel.port}/weather`, name: 'test', log: silentLog })
  cleanup(() => wrong.close())
  await wrong.connected(500)
  await assert.rejects(wrong.send(['PING']), RedisUnavailable)
  await one.send('REPLICAOF', '127.0.0.1', '1')
  const stale = openRedis({ url: `redis+sentinel://127.0.0.1:${sentinel.port}/news`, name: 'test', log: silentLog })
  cleanup(() => stale.close())
  await stale.connected(500)
  await assert.rejects(stale.send(['PING']), RedisUnavailable)
})

async function askSentinel(port: number, ...command: string[]): Promise<string[]> {
  const client = createClient({ socket: { host: '127.0.0.1', port } })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.sendCommand(command)) as unknown as string[]
  } finally {
    client.destroy()
  }
}

/** Other programs decide in their own time. */
async function until(wanted: () => Promise<boolean>): Promise<void> {
  await eventually(wanted, yes => yes)
}
