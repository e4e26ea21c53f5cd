import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { killDuringUploads } from './scenario.ts'

const ROUNDS = 25
const skip = SIZE === 'smoke' && 'src/engines/files/folder.test.ts kills an upload, test/journeys/files.test.ts has the row that one leaves'

test('a server is killed while pictures are uploaded: nothing half-written is served, referred to or left', {
  skip,
  timeout: 600_000,
}, async t => {
  const { acknowledged, interrupted, incomplete, faults } = await killDuringUploads(t, ROUNDS)
  t.diagnostic(`${acknowledged} photos acknowledged, ${interrupted} uploads interrupted, ${incomplete} rows incomplete`)
  assert.ok(acknowledged >= ROUNDS && interrupted >= ROUNDS)
  assert.deepEqual(faults, [])
})
