import { test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { interruptIdProcesses } from './scenario.ts'

const { interruptions, leaseMs } = { smoke: { interruptions: 6, leaseMs: 3_000 }, full: { interruptions: 40, leaseMs: 6_000 } }[SIZE]

test(
  'processes are killed, or frozen beyond their lease: no worker number is held twice, no id made twice',
  { timeout: 300_000 },
  async t => t.diagnostic(await interruptIdProcesses({ interruptions, leaseMs })),
)
