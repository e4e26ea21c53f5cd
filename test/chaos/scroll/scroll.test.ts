import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { type Product, startProduct } from '../../support/product.ts'
import { measureFirstImpressions, warmUp } from './first-impressions.ts'
import { runScrolls } from './scenario.ts'

const OPTIONS = {
  smoke: { viewers: 5, articles: 60, perSecond: 10, seed: 1, readMs: 0 },
  full: { viewers: 200, articles: 300, perSecond: 50, seed: 1, readMs: 500 },
}[SIZE]
const WARM = { smoke: { warm: 300, articles: 1 }, full: { warm: 35_000, articles: 40 } }[SIZE]
let product: Product

before(async () => {
  product = await startProduct()
})

test('viewers who scroll to the end while articles are published see each article once, and no page changes', async t => {
  const figures = await runScrolls(product, OPTIONS)
  t.diagnostic(JSON.stringify(figures))
  if (SIZE === 'smoke') return
  assert.equal(figures.fallbackPages, 0, 'the machine is too busy for this test')
  assert.ok(figures.perSecond > 45, `only ${figures.perSecond} articles a second were published`)
})

test('an article that appears is on a page of whoever reads within seconds, however many are warm', { timeout: 900_000 }, async t => {
  const place = await warmUp(product, WARM.warm)
  for (const traffic of ['anonymous', 'devices'] as const) {
    const times = await measureFirstImpressions(product, place, { traffic, articles: WARM.articles })
    t.diagnostic(JSON.stringify({ traffic, ...WARM, times: times.toSorted((a, b) => a - b) }))
    if (SIZE === 'full') assert.ok(Math.max(...times) <= 2_000, `${traffic}: ${Math.max(...times)} ms`)
    else
      assert.ok(
        times.every(ms => ms < 30_000),
        `${traffic}: an article was on no page`,
      )
  }
})
