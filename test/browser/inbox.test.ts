// The inbox in a real browser: a push arrives in an open page, without a reload.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Product } from '../support/product.ts'
import { NO_BROWSER, openBrowserPage, startWithWebApp } from './browser.ts'

const skip = NO_BROWSER
let product: Product

before(async () => {
  if (skip) return
  product = await startWithWebApp()
})

test('a reader with an open page sees the badge, the notice and the number of new articles without a reload', { skip }, async t => {
  const [alice, bob] = [await product.signIn('alice'), await product.signIn('bob')]
  const tech = await product.createChannel('科技')
  const [article] = await product.publish([{ author: alice.id, channel: tech, title: '新芯片' }])
  const page = await openBrowserPage(t, product.url)
  const tokens = JSON.stringify({ token: alice.token, refresh_token: alice.refreshToken })
  await page.addInitScript(`localStorage.setItem('broadsheet.tokens', ${JSON.stringify(tokens)})`)
  const loads: string[] = []
  page.on('load', () => void loads.push(page.url()))
  await page.goto('/')
  await page.getByRole('link', { name: '通知', exact: true }).waitFor()

  await bob.post('/v1_0/article/likings', { target: article })
  await page.getByRole('link', { name: '1 条未读通知' }).waitFor()
  await page.getByRole('link', { name: '1 条未读通知' }).click()
  await page.getByText(/赞了《新芯片》/).waitFor()
  await page.getByRole('link', { name: '通知', exact: true }).waitFor({ state: 'detached' })

  await bob.post('/v1_0/user/followings', { target: alice.id })
  await page.getByText(/关注了你/).waitFor()
  await page.getByRole('link', { name: 'Broadsheet' }).click()
  await page.getByRole('link', { name: '通知', exact: true }).waitFor() // what was on the screen is read

  await product.publish([{ author: bob.id, channel: tech, title: '第二篇' }])
  await page.getByRole('button', { name: /篇新文章/ }).click()
  await page.getByText('第二篇').first().waitFor()
  assert.equal(loads.length, 1)
  page.assertNoComplaints()
})
