import { before, describe, test } from 'node:test'
import { checkHealth, killRedis, openCluster } from './chaos/cluster/scenario.ts'
import { NO_REDIS } from './support/redis.ts'

// test/chaos stops and starts each of the processes as well.
describe('several processes', { skip: NO_REDIS }, () => {
  before(openCluster)

  test('every process says that it lives, that it is ready, and how it does, whatever its roles', checkHealth)

  test('Redis is killed and started again, and no request of a reader fails', killRedis)
})
