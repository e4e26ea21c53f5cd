import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { startProduct } from '../../support/product.ts'
import { runRing } from './scenario.ts'

// One address in a hundred attacks.
const OPTIONS = {
  smoke: { honest: 198, attacking: 2, joined: false, articles: 150, measured: 30, seed: 1 },
  full: { honest: 1_980, attacking: 20, joined: true, articles: 150, measured: 200, seed: 1 },
}[SIZE]
const MOVED_MAX = 3

test('with one in a hundred addresses attacking, no article moves more than three places for honest readers', async t => {
  const product = await startProduct({ env: { TRUST_PROXY: 'loopback' }, alwaysEmbedded: true })
  const figures = await runRing(product, OPTIONS)
  // What patience and accounts achieve is measured, not promised: docs/integrity.md.
  t.diagnostic(JSON.stringify(figures))
  const { targets, mostMoved } = figures.strangers
  for (const { what, before, after, clicks } of targets) {
    assert.ok(Math.abs(after - before) <= MOVED_MAX, `the article ${what}: from place ${before} to ${after}`)
    assert.equal(clicks[1], clicks[0], `exploration believes clicks on the article ${what}`)
  }
  assert.ok(mostMoved <= MOVED_MAX, `an article moved by ${mostMoved} places`)
})
