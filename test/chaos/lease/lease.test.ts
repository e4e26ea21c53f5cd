import { test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { interruptIdProcesses } from './scenario.ts'

const OPTIONS = { numbers: 8, processes: 10, interruptions: 40, leaseMs: 6_000 }
const skip = SIZE === 'smoke' && 'src/engines/database/id-generator.test.ts has a killed process, and one that has lost its number'

test(
  'processes are killed, or frozen beyond their lease: no worker number is held twice, no id made twice',
  { skip, timeout: 300_000 },
  async t => t.diagnostic(await interruptIdProcesses(OPTIONS)),
)
