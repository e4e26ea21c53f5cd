// Search in a real browser: suggestions, an input method, results by keyboard.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Product } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'
import { NO_BROWSER, openBrowserPage, startWithWebApp } from './browser.ts'

const skip = NO_BROWSER
let product: Product

before(async () => {
  if (skip) return
  product = await startWithWebApp()
  const channel = await product.createChannel('科技')
  await product.publish([
    ...Array.from({ length: 25 }, (_, i) => ({ channel, title: `景德镇窑火第${i + 1}夜` })),
    { channel, title: '<img src=x onerror=alert(1)>景德镇' },
  ])
  await eventually(
    async () => (await product.request('GET', `/v1_0/search?q=${encodeURIComponent('景德镇')}`)).body.data.total_count,
    count => count === 26,
  )
})

test('a reader who searches by keyboard sees results with the words marked, filters them, and pages to the end', { skip }, async t => {
  const page = await openBrowserPage(t, product.url)
  await page.goto('/search')
  const box = page.getByRole('combobox', { name: '搜索' })
  await box.fill('景德镇窑')
  await page.getByRole('option').first().waitFor()
  await box.press('ArrowDown')
  assert.equal(await page.locator('[role=option][aria-selected=true]').count(), 1)
  await box.fill('景德镇')
  await box.press('Escape')
  await box.press('Enter')
  await page.locator('.search article').first().waitFor()
  assert.equal(await page.locator('.search article mark').first().textContent(), '景德镇')
  assert.equal(await page.locator('.search article').count(), 20)
  await page.getByRole('button', { name: '更多结果' }).click()
  await page.locator('.search article').nth(25).waitFor()
  assert.equal(await page.locator('.search article img').count(), 0)
  await page.locator('select').nth(3).selectOption('true')
  await page.getByText('没有找到').waitFor()
  page.assertNoComplaints()
})

test('a reader whose input method is composing causes no request until the text is chosen', { skip }, async t => {
  const page = await openBrowserPage(t, product.url)
  await page.goto('/search')
  const asked: string[] = []
  page.on('request', request => {
    if (request.url().includes('/suggestion')) asked.push(decodeURIComponent(request.url()))
  })
  const box = page.getByRole('combobox', { name: '搜索' })
  await box.focus()
  const session = await page.context().newCDPSession(page as never)
  await session.send('Input.imeSetComposition', { text: 'jing', selectionStart: 4, selectionEnd: 4 })
  await page.waitForTimeout(600)
  await session.send('Input.imeSetComposition', { text: "jing'de", selectionStart: 7, selectionEnd: 7 })
  await page.waitForTimeout(600)
  assert.deepEqual(asked, [])
  await session.send('Input.insertText', { text: '景德镇' })
  await page.getByRole('option').first().waitFor()
  assert.equal(asked.length, 1)
  assert.match(asked.join(), /q=景德镇$/)
})
