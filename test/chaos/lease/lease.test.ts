import { test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { interruptIdProcesses } from './scenario.ts'

const OPTIONS = {
  smoke: { numbers: 3, processes: 4, interruptions: 4, leaseMs: 3_000 },
  full: { numbers: 8, processes: 10, interruptions: 40, leaseMs: 6_000 },
}[SIZE]

test(
  'processes are killed, or frozen beyond their lease: no worker number is held twice, no id made twice',
  { timeout: 300_000 },
  async t => t.diagnostic(await interruptIdProcesses(OPTIONS)),
)
