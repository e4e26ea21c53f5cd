import { before, test } from 'node:test'
import { runScrolls } from './chaos/scroll/scenario.ts'
import { type Product, startProduct } from './support/product.ts'

let product: Product

before(async () => {
  product = await startProduct()
})

test('ten scroll to the end while articles are published, and nothing repeats, changes or is missing', async t => {
  const counts = await runScrolls(product, { viewers: 10, articles: 120, perSecond: 20, seed: 1, readMs: 0 })
  t.diagnostic(JSON.stringify(counts))
})
