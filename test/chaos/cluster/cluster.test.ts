import { before, describe, test } from 'node:test'
import { NO_REDIS } from '../../support/redis.ts'
import { killRedis, openCluster, PAIRS, restartProcesses } from './scenario.ts'

describe('several processes', { skip: NO_REDIS }, () => {
  before(openCluster)

  for (let round = 1; round <= 3; round++) {
    for (const [what, which] of Object.entries(PAIRS))
      test(`${what} are stopped and started again, and no reader's request fails: ${round}`, t => restartProcesses(t, which))

    test(`Redis is killed and started again, and no request of a reader fails: ${round}`, killRedis)
  }
})
