import { before, describe, test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { NO_REDIS } from '../../support/redis.ts'
import { checkHealth, killRedis, openCluster, PAIRS, restartProcesses } from './scenario.ts'

const ROUNDS = 3
const skip = NO_REDIS || (SIZE === 'smoke' && 'test/journeys/redis-away.test.ts has products of each role, whose Redis is killed')

describe('several processes on one PostgreSQL and one Redis', { skip }, () => {
  before(() => openCluster(2))

  test('every process, whatever its roles, reports that it is alive and ready, and its metrics', checkHealth)

  for (let round = 1; round <= ROUNDS; round++) {
    for (const [name, pair] of Object.entries(PAIRS))
      test(`readers read on while ${name} are stopped and started again: no request fails (${round})`, t => restartProcesses(t, pair))

    test(`readers read on while Redis is killed and started again: no request fails (${round})`, killRedis)
  }
})
