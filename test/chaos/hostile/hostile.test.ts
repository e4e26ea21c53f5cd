import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { runHostileMinute } from './scenario.ts'

const OPTIONS = { smoke: { readers: 5, seconds: 1, paceMs: 200 }, full: { readers: 50, seconds: 60, paceMs: 1_000, timed: true } }[SIZE]
const KINDS = 20

test('twenty kinds of hostile clients attack at once, and no reader fails', { timeout: 300_000 }, async t => {
  const { failed, attacks, ...figures } = await runHostileMinute(t, OPTIONS)
  t.diagnostic(JSON.stringify(figures))
  assert.deepEqual(failed, [])
  assert.equal(Object.keys(attacks).length, KINDS, JSON.stringify(attacks))
  // Times and memory only at full size: nothing else runs on the machine then.
  if (SIZE !== 'full') return
  t.diagnostic(JSON.stringify(attacks))
  assert.ok(figures.p99Ms <= 250, `readers waited ${figures.p99Ms} ms`)
  assert.ok(figures.mostMb - figures.idleMb <= 400, `${figures.mostMb - figures.idleMb} MB above idle`)
  assert.ok(figures.backMs <= 5_000, `back to normal after ${figures.backMs} ms`)
  assert.ok(figures.signInMs <= 3_000, `a right password took ${figures.signInMs} ms`)
})
