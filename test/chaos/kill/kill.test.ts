import assert from 'node:assert/strict'
import { test } from 'node:test'
import { processesUsing, waitUntilStopped } from '../../support/data-folder-processes.ts'
import { createDataFolder } from '../../support/server-process.ts'
import { runKills, summary } from './scenario.ts'

const ROUNDS = 30

test('thirty kills of everything in the midst of writes: nothing acknowledged is lost', { timeout: 300_000 }, async t => {
  const dataDir = await createDataFolder(t)
  t.diagnostic(summary(ROUNDS, await runKills({ dataDir, rounds: ROUNDS, readWriteMs: 450 })))
  await waitUntilStopped(dataDir)
  assert.deepEqual(processesUsing(dataDir), [])
})
