import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type Product, startProduct } from '../../support/product.ts'
import { runScrolls } from './scenario.ts'

let product: Product

before(async () => {
  product = await startProduct()
})

test('two hundred scroll to the end while fifty articles a second are published', async t => {
  const counts = await runScrolls(product, { viewers: 200, articles: 300, perSecond: 50, seed: 1, readMs: 500 })
  t.diagnostic(JSON.stringify(counts))
  assert.equal(counts.stoodIn, 0, 'the machine is too busy for this')
  assert.ok(counts.perSecond > 45, `only ${counts.perSecond} articles a second were published`)
})
