import { test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { makeIds } from './scenario.ts'

const PROCESSES = { smoke: 2, full: 8 }[SIZE]

test('processes whose clocks are set back and forth make half a million ids each, none twice', { timeout: 120_000 }, async t =>
  t.diagnostic(await makeIds({ processes: PROCESSES, idsEach: 500_000 })),
)
