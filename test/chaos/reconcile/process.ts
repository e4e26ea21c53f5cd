// A process that reconciles once and kills itself before or after its n-th command to Redis:
// `node process.ts DATABASE_URL REDIS_URL N`. Odd numbers die before the command is sent, even ones after its answer.

import { silentLog } from '../../../src/base/log.ts'
import { createReconciler } from '../../../src/engines/counters/reconcile.ts'
import { openDatabase } from '../../../src/engines/database/database.ts'
import { openRedis } from '../../../src/engines/redis/open-redis.ts'
import type { Redis } from '../../../src/engines/redis/redis.ts'

const [databaseUrl = '', redisUrl = '', nth = '0'] = process.argv.slice(2)
const { pool } = openDatabase({ url: databaseUrl, name: 'reconcile', log: silentLog })
const redis = openRedis({ url: redisUrl, name: 'reconcile', log: silentLog })
await redis.connected(5_000)

let commands = 0
const die = (): never => {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('dead')
}
const counted =
  <A extends unknown[], R>(send: (...args: A) => Promise<R>) =>
  async (...args: A): Promise<R> => {
    if (++commands === Number(nth)) die()
    const answer = await send(...args)
    if (++commands === Number(nth)) die()
    return answer
  }
const countedRedis: Redis = {
  ...redis,
  send: counted(redis.send) as Redis['send'],
  pipeline: counted(redis.pipeline) as Redis['pipeline'],
  run: counted(redis.run) as Redis['run'],
  runAll: counted(redis.runAll) as Redis['runAll'],
}
const [report] = await createReconciler({ pool, redis: countedRedis, log: silentLog }).reconcile(['article.likes'])
process.stdout.write(`${JSON.stringify({ ...report, commands })}\n`)
await Promise.all([redis.close(), pool.end()])
