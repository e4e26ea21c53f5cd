import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runKills, summary } from './chaos/kill/scenario.ts'
import { processesUsing, waitUntilStopped } from './support/data-folder-processes.ts'
import { createDataFolder } from './support/server-process.ts'

const ROUNDS = 3 // one of each kind; test/chaos does thirty

test('killed in the midst of writes, the product opens again and has lost nothing it acknowledged', async t => {
  const dataDir = await createDataFolder(t)
  t.diagnostic(summary(ROUNDS, await runKills({ dataDir, rounds: ROUNDS, readWriteMs: 10_000 })))
  await waitUntilStopped(dataDir)
  assert.deepEqual(processesUsing(dataDir), [])
})
