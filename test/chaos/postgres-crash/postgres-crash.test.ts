import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { runCrashes } from './scenario.ts'

const ROUNDS = 30
// In `npm test` chaos/kill kills the same processes in the same ways, with the product between the writer and PostgreSQL.
const skip = SIZE === 'smoke' && 'npm run chaos runs it'

test('everything is killed while rows are written, and no acknowledged row is lost', { skip, timeout: 300_000 }, async t => {
  const folder = mkdtempSync(join(tmpdir(), 'broadsheet-postgres-crash-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const { acknowledged, missing } = await runCrashes({ dataDir: join(folder, 'data'), rounds: ROUNDS })
  t.diagnostic(`${acknowledged} rows acknowledged`)
  assert.ok(acknowledged > ROUNDS)
  assert.deepEqual(missing, [])
})
