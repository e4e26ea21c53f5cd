import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { processesUsing, waitUntilStopped } from '../../support/data-folder-processes.ts'
import { copyDataFolder } from '../../support/server-process.ts'
import { runKills, summarise } from './scenario.ts'

// The one round of `smoke` kills PostgreSQL first, and the rest while the server starts it again.
const OPTIONS = {
  smoke: { firstRound: 2, rounds: 1, readWriteMs: 10_000, restMs: 20 },
  full: { firstRound: 0, rounds: 30, readWriteMs: 450, restMs: 0 },
}[SIZE]

test('the product is killed while readers write, and starts again with everything it acknowledged', { timeout: 300_000 }, async t => {
  const dataDir = await copyDataFolder(t)
  t.diagnostic(summarise(OPTIONS.rounds, await runKills({ dataDir, ...OPTIONS })))
  await waitUntilStopped(dataDir)
  assert.deepEqual(processesUsing(dataDir), [])
})
