// The search boxes of public clients: suggestions while typing, results, paging to the end.

import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { openBrowserPage } from '../browser/browser.ts'
import type { Product } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'
import { PHONE, testClient } from './client-build.ts'

const ARTICLES = 34
const titles = Array.from({ length: ARTICLES }, (_, i) => `景德镇窑火第${i + 1}夜`)

async function publishTitles(product: Product): Promise<void> {
  const channel = await product.createChannel('科技')
  await product.publish(titles.map(title => ({ channel, title })))
  await eventually(
    async () => (await product.request('GET', `/v1_0/search?q=${encodeURIComponent('景德镇')}`)).body.data.total_count,
    count => count === ARTICLES,
  )
}

/** Scrolls to the last element until there are `count`. */
const scrollUntil = (page: Page, selector: string, count: number) =>
  eventually(
    async () => {
      await page.locator(selector).last().scrollIntoViewIfNeeded()
      await page.mouse.wheel(0, 2_000)
      return page.locator(selector).count()
    },
    shown => shown === count,
  )

testClient('toutiao-m', 'toutiao-m suggests while its reader types, and lists every result once to the end', async (product, t) => {
  await publishTitles(product)
  const page = await openBrowserPage(t, product.url, PHONE)
  await page.goto('/#/search')
  const box = page.getByPlaceholder('请输入搜索关键词')
  await box.pressSequentially('景德镇窑')
  const suggestion = page.locator('.search-container .van-cell-group .van-cell', { hasText: '景德镇' })
  await suggestion.first().waitFor()
  await box.fill('景德镇')
  await box.press('Enter')
  const results = '.van-list .van-cell'
  await page.locator(results).first().waitFor()
  await scrollUntil(page, results, ARTICLES)
  await page.getByText('没有更多了').waitFor()
  const shown = await page.locator(results).allTextContents()
  assert.deepEqual(shown.map(text => text.trim()).toSorted(), titles.toSorted())
})

testClient(
  'geek-h5',
  'geek-h5 suggests while its reader types, and lists the results of its five pages, none twice',
  async (product, t) => {
    await publishTitles(product)
    const page = await openBrowserPage(t, product.url, PHONE)
    await page.goto('/search')
    await page.getByPlaceholder('请输入关键字搜索').pressSequentially('景德镇')
    await page.locator('.result-item', { hasText: '景德镇' }).first().waitFor()
    await page.locator('.search-text').click()
    const results = '.article-list .article-item'
    await page.locator(results).first().waitFor()
    await scrollUntil(page, results, ARTICLES)
    const shown = await page.locator(`${results} h3`).allTextContents()
    assert.deepEqual(shown.map(text => text.trim()).toSorted(), titles.toSorted())
  },
)
