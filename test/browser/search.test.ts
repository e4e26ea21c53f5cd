// Search in a real browser: suggestions, an input method, results by keyboard.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import type { ArticleId } from '../../src/base/id.ts'
import type { Person, Product } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'
import { goWithin, NO_BROWSER, openBrowserPage, settle, startWithWebApp } from './browser.ts'
import { assertUsable, DESKTOP, PHONE } from './usable.ts'

const skip = NO_BROWSER
let product: Product
let alice: Person
let ids: ArticleId[]

before(async () => {
  if (skip) return
  product = await startWithWebApp()
  alice = await product.signIn('alice')
  const bob = await product.signIn('bob')
  await bob.patch('/v1_0/user/profile', { name: 'bob' })
  const channel = await product.createChannel('科技')
  ids = await product.publish([
    ...Array.from({ length: 25 }, (_, i) => ({ channel, title: `景德镇窑火第${i + 1}夜` })),
    { channel, title: '<img src=x onerror=alert(1)>景德镇', author: bob.id },
  ])
  await eventually(
    async () => (await product.request('GET', `/v1_0/search?q=${encodeURIComponent('景德镇')}`)).body.data.total_count,
    count => count === 26,
  )
  // Before any page asks for the hot searches, which are counted every half a minute.
  for (const device of ['one', 'two', 'three'])
    await product.request('GET', `/app/v1_0/search?q=${encodeURIComponent('景德镇')}`, undefined, {
      headers: { authorization: `Anony ${device}` },
    })
  await eventually(
    async () => (await sql`select from search_asked`.execute(product.db)).rows.length,
    count => count >= 3,
  )
})

test('a reader who searches by keyboard sees results with the words marked, filters them, pages to the end, and is led to a channel', {
  skip,
}, async t => {
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
  assert.equal(await page.locator('[role=feed]').count(), 0) // one without articles is a fault to a screen reader

  // The name of a channel, in either language, leads to it and to what is in it.
  await box.fill('tech')
  await page.getByRole('option', { name: '科技 频道' }).click()
  await page.waitForURL('**/c/*')
  await page.locator('.feed article').first().waitFor()
  await goWithin(page, '/search?q=Technology')
  await page.getByText('找到 26 篇').waitFor()
  await page.locator('.search .beside').getByRole('link', { name: '科技' }).click()
  await page.waitForURL('**/c/*')
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

test('a reader sees their last searches and the hot ones, deletes one, and reads only one author', { skip }, async t => {
  for (const q of ['bob', '景德镇', '窑火']) await alice.get(`/app/v1_0/search?q=${encodeURIComponent(q)}`)
  const page = await openBrowserPage(t, product.url, { reducedMotion: 'reduce' })
  const tokens = JSON.stringify({ token: alice.token, refresh_token: alice.refreshToken })
  await page.addInitScript(`localStorage.setItem('broadsheet.tokens', ${JSON.stringify(tokens)})`)
  await page.goto('/search')
  await page.getByRole('button', { name: '删除“窑火”' }).click()
  await page.getByRole('button', { name: '窑火', exact: true }).waitFor({ state: 'detached' })
  await page.getByRole('heading', { name: '热门搜索' }).waitFor()
  await assertUsable(page, [PHONE])
  await page.getByRole('combobox', { name: '搜索' }).fill('景德')
  await page.getByRole('option').first().waitFor()
  await assertUsable(page, [DESKTOP])
  await goWithin(page, '/search?q=bob')
  await page.getByRole('button', { name: '只看作者bob' }).click()
  await page.goto(`${page.url()}&sort=time`.replace('q=bob', `q=${encodeURIComponent('景德镇')}`))
  await page.locator('.search article').first().waitFor()
  assert.equal(await page.locator('.search article').count(), 1)
  await page.getByRole('button', { name: '全部作者' }).click()
  await page.locator('.search article').nth(19).waitFor()
  await assertUsable(page, [PHONE])
  page.assertNoComplaints()
})

test('a reader who goes back from a story finds the results, what they read and what they saved where they left them', {
  skip,
}, async t => {
  const reader = await product.signIn('carol')
  for (const id of ids.slice(0, 15)) {
    await reader.post('/v1_0/article/collections', { target: id })
    await reader.get(`/v1_0/articles/${id}`)
  }
  const html = '<p>慢慢读下去的一段文字。</p>'.repeat(60)
  await product.db.updateTable('article_content').set({ html }).where('article_id', 'in', ids).execute()
  // A cache hears of it when other files' transactions have ended.
  for (const id of ids)
    await eventually(
      async () => (await reader.get(`/v1_0/articles/${id}`)).body.data.content,
      text => text.includes('慢慢读下去'),
    )
  const page = await openBrowserPage(t, product.url, { viewport: { width: 390, height: 844 } })
  const tokens = JSON.stringify({ token: reader.token, refresh_token: reader.refreshToken })
  await page.addInitScript(`localStorage.setItem('broadsheet.tokens', ${JSON.stringify(tokens)})`)
  const y = () => page.evaluate<number>('Math.round(scrollY)')
  for (const list of [`/search?q=${encodeURIComponent('景德镇')}`, '/mine/collections', '/mine/history']) {
    await page.goto(list)
    await page.locator('main article').nth(9).waitFor()
    await page.evaluate('scrollTo(0, 420)')
    await settle(page)
    // What lies in the middle of the screen: the first two are above it.
    await page.evaluate('document.elementFromPoint(150, 400).closest("article").querySelector("h2 a").click()')
    await page.locator('.story .text p').nth(50).waitFor()
    assert.equal(await y(), 0, list)
    await page.evaluate('scrollTo(0, 700)')
    await (list.startsWith('/search') ? page.getByRole('button', { name: '返回' }).click() : page.goBack())
    await page.locator('main article').nth(9).waitFor()
    await eventually(y, scrolled => scrolled === 420)
  }
  page.assertNoComplaints()
})
