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

test('a pipeline returns one outcome for each command, an error for a wrong one', { skip }, async () => {
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

test('a script is sent in full only to a Redis that does not know it, also after SCRIPT FLUSH', { skip }, async () => {
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

test('Redis hangs: a command times out, the connection is given up, and is opened again when Redis goes on', { skip }, async () => {
  const hangs = await startRedis()
  const redis = await connectRedis(hangs.url)
  const before = redis.instance()
  hangs.signal('SIGSTOP')
  await assert.rejects(redis.send(['GET', 'bs:a'], 50), RedisUnavailable)
  await eventually(
    async () => redis.isReady(),
    ready => !ready,
  )
  // Without a connection a command fails at once, whatever its time-out.
  await assert.rejects(redis.send(['GET', 'bs:a'], 2 ** 31 - 1), RedisUnavailable)
  hangs.signal('SIGCONT')
  await redis.connected(PATIENCE_MS)
  assert.equal(await redis.send(['SET', 'bs:a', '1'], PATIENCE_MS), 'OK')
  assert.equal(redis.instance(), before, 'the same run of Redis')
})

test('a network drops all packets: the connection is given up, and opened again when the network is back', { skip }, async () => {
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

test('Redis is killed and started: it is used again, and has another instance id', { skip }, async () => {
  const killed = await startRedis()
  const redis = await connectRedis(killed.url)
  const before = redis.instance()
  await killed.kill()
  await eventually(
    async () => redis.isReady(),
    ready => !ready,
  )
  await assert.rejects(redis.send(['PING']), RedisUnavailable)
  await killed.start()
  await redis.connected(PATIENCE_MS)
  assert.equal(await redis.send(['PING'], PATIENCE_MS), 'PONG')
  assert.notEqual(redis.instance(), before)
})

test('a command whose answer is lost fails, and is not sent again', { skip }, async () => {
  // Passes everything on, but breaks the connection instead of passing on the answer to an INCR.
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

test('with a wrong password, or another kind of server, Redis is unavailable; with the right password it is used', { skip }, async () => {
  const locked = await startRedis('--requirepass', 'sesame')
  const web = createServer(socket => void socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1')
  const port = await portOf(web)
  for (const wrong of [locked.url, locked.url.replace('//', '//:other@'), `redis://127.0.0.1:${port}`, 'redis://127.0.0.1:1']) {
    const redis = openRedis({ url: wrong, name: 'test', log: silentLog })
    await redis.connected(200)
    await assert.rejects(redis.send(['PING']), RedisUnavailable, wrong)
    await redis.close()
  }
  assert.equal(await (await connectRedis(locked.url.replace('//', '//:sesame@'))).send(['PING'], PATIENCE_MS), 'PONG')
})

test('a subscriber gets each message, and after a break is told that it may have missed some', { skip }, async () => {
  const restarted = await startRedis()
  const redis = await connectRedis(restarted.url)
  const received: string[] = []
  let breaks = 0
  redis.subscribe(
    'bs:news',
    message => received.push(message),
    () => breaks++,
  )
  await eventually(
    async () => breaks,
    n => n === 1,
  )
  await redis.send(['PUBLISH', 'bs:news', 'one'], PATIENCE_MS)
  await eventually(
    async () => received.length,
    n => n === 1,
  )
  await restarted.kill()
  await restarted.start()
  await eventually(
    async () => breaks,
    n => n === 2,
  )
  await redis.connected(PATIENCE_MS)
  await redis.send(['PUBLISH', 'bs:news', 'two'], PATIENCE_MS)
  await eventually(
    async () => received.length,
    n => n === 2,
  )
  assert.deepEqual([received, breaks], [['one', 'two'], 2])
})

test('the master is found through Sentinel, and the new one after a failover', { skip }, async () => {
  const one = await startRedis()
  const two = await startRedis('--replicaof', '127.0.0.1', String(one.port))
  const sentinel = await startSentinel('news', one)
  const masterPort = async () => (await askSentinel(sentinel.port, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'news'))[1]
  // Sentinel learns of the replica from the master, and may promote it once it has copied everything.
  await until(async () => (await askSentinel(sentinel.port, 'SENTINEL', 'REPLICAS', 'news')).length === 1)
  await until(async () => /master_link_status:up/.test(await two.send('INFO', 'replication')))
  const redis = await connectRedis(`redis+sentinel://127.0.0.1:1,127.0.0.1:${sentinel.port}/news`)
  await redis.send(['SET', 'bs:who', 'x'], PATIENCE_MS)
  assert.equal(await one.send('GET', 'bs:who'), 'x')
  const before = redis.instance()
  await one.kill()
  await until(async () => (await masterPort()) === String(two.port))
  await until(async () => redis.isReady() && redis.instance() !== before)
  await redis.send(['SET', 'bs:who', 'y'], PATIENCE_MS)
  assert.equal(await two.send('GET', 'bs:who'), 'y')
})

test('if Sentinel does not know the group, or names a node that is not a master, Redis is unavailable', { skip }, async () => {
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

async function until(condition: () => Promise<boolean>): Promise<void> {
  await eventually(condition, met => met)
}
