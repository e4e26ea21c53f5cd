import { test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { NO_REDIS } from '../../support/redis.ts'
import { blackholeConnections } from './scenario.ts'

const name = {
  smoke: 'when the network drops everything sent to a dependency, readers get answers, and full service returns soon',
  full: 'when the network drops everything sent to a dependency, no reader waits longer than five seconds, and full service returns within five',
}[SIZE]
const options = { smoke: { blackholeMs: 1_000, timed: false }, full: { blackholeMs: 10_000, timed: true } }[SIZE]

test(name, { skip: NO_REDIS, timeout: 300_000 }, async t => t.diagnostic(await blackholeConnections(options)))
