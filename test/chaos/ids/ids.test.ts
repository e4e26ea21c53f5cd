import { test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { makeIds } from './scenario.ts'

const PROCESSES = 8
const skip = SIZE === 'smoke' && 'src/engines/database/id-generator.test.ts has four processes and one clock that steps'

test('processes whose clocks are set back and forth make half a million ids each, none twice', { skip, timeout: 120_000 }, async t =>
  t.diagnostic(await makeIds({ processes: PROCESSES, idsEach: 500_000 })),
)
