// Chats and the assistant in a real browser.

import assert from 'node:assert/strict'
import { before, type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import type { Person, Product } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'
import { NO_BROWSER, openBrowserPage, startWithWebApp } from './browser.ts'
import { assertUsable, DESKTOP, PHONE } from './usable.ts'

const skip = NO_BROWSER
let product: Product
let [alice, bob] = [] as unknown as [Person, Person]
let article: bigint

before(async () => {
  if (skip) return
  product = await startWithWebApp()
  ;[alice, bob] = (await Promise.all(['alice', 'bob'].map(name => product.signIn(name)))) as [Person, Person]
  for (const [person, name] of [
    [alice, '爱丽丝'],
    [bob, '绿皮车厢'],
  ] as const)
    await product.db.updateTable('reader').set({ name }).where('id', '=', person.id).execute()
  const channel = await product.createChannel('科技')
  article = (await product.publish([{ author: bob.id, channel, title: '新芯片发布' }]))[0] as bigint
  await eventually(
    async () => (await product.request('GET', `/v1_0/search?q=${encodeURIComponent('芯片')}`)).body.data.total_count,
    count => count === 1,
  )
})

async function open(t: TestContext, path: string, who?: Person) {
  const page = await openBrowserPage(t, product.url)
  const tokens = who && JSON.stringify({ token: who.token, refresh_token: who.refreshToken })
  if (tokens) await page.addInitScript(`localStorage.setItem('broadsheet.tokens', ${JSON.stringify(tokens)})`)
  await page.goto(path)
  return page
}

test('two readers write to each other from an author’s page: messages, receipts and the badge come without a reload', { skip }, async t => {
  const hers = await open(t, `/author/${bob.id}`, alice)
  const his = await open(t, '/', bob)
  await his.getByRole('link', { name: '通知', exact: true }).waitFor()
  await hers.getByRole('link', { name: /发私信/ }).click()
  const box = hers.getByLabel('写给 绿皮车厢')
  await box.fill(`看看 ${product.url}/article/${article}`)
  await box.press('Enter')
  await hers.getByText('已送达').waitFor() // his open page has confirmed it

  await his.getByRole('link', { name: '1 条未读通知' }).click()
  await his.getByRole('link', { name: '私信 · 1 条未读' }).click()
  await his.getByRole('link', { name: /爱丽丝/ }).click()
  await his.locator('.linked', { hasText: '新芯片发布' }).waitFor()
  await hers.getByText('已读').waitFor()
  await his.getByRole('link', { name: '通知', exact: true }).waitFor() // what is on the screen is read
  await his.getByLabel('写给 爱丽丝').fill('谢谢\n好')
  await his.getByRole('button', { name: '发送' }).click()
  await hers.getByText('谢谢').waitFor()
  await product.db.updateTable('chat_message').set({ removed: true, content: '' }).where('content', 'like', '谢谢%').execute()
  await his.getByLabel('写给 爱丽丝').fill('不客气')
  await his.getByRole('button', { name: '发送' }).click()
  await hers.getByText('不客气').waitFor()
  await hers.getByText('谢谢').waitFor({ state: 'detached' })
  await assertUsable(hers)
  await hers.locator('.linked').click()
  await hers.getByRole('heading', { name: '新芯片发布' }).waitFor()
  await hers.goBack()
  await hers.getByText('不客气').waitFor()
  const setStatus = (status: number) => sql`update article set status = ${status} where id = ${article}`.execute(product.db)
  await setStatus(5) // banned: its title goes without a message
  await Promise.all([hers, his].map(page => page.locator('.linked').waitFor({ state: 'detached' })))
  await setStatus(2)
  await hers.locator('.linked').waitFor()
  await hers.goto('/chats')
  await hers.getByRole('link', { name: /绿皮车厢/ }).waitFor()
  await assertUsable(hers, [PHONE])
  hers.assertNoComplaints()
  his.assertNoComplaints()
})

test('a message that could not be sent stays with its writer, and is sent once when they send it again', { skip }, async t => {
  const page = await open(t, `/chats/${bob.id}`, alice)
  const box = page.getByLabel('写给 绿皮车厢')
  await box.waitFor()
  // The server stores it, and the answer is lost. So is what a push makes the page ask for, until the message was sent again.
  let losesAnswers = true
  let isDeaf = true
  await page.route('**/messages?*', route => (isDeaf ? route.abort() : route.continue()))
  await page.route('**/messages', async route => {
    if (losesAnswers) await route.fetch()
    return losesAnswers ? route.abort() : route.continue()
  })
  await box.fill('有人吗')
  await box.press('Enter')
  await page.getByText('没有发出去').waitFor()
  losesAnswers = false
  const answer = page.waitForResponse(response => response.url().endsWith('/messages'))
  await page.getByRole('button', { name: '重发' }).click()
  assert.equal((await answer).status(), 201)
  isDeaf = false
  await eventually(
    async () =>
      (await bob.get(`/v1/chats/${alice.id}/messages`)).body.data.messages.filter(({ text }: { text: string }) => text === '有人吗').length,
    count => count === 1,
  )
  await eventually(
    () => page.getByText('有人吗').count(),
    count => count === 1,
  )
  // And is not shown as being on its way when it is deleted.
  await page
    .locator('.message', { hasText: '有人吗' })
    .getByRole('button', { name: /更多操作/ })
    .click()
  await page.getByRole('menuitem', { name: '删除（仅自己）' }).click()
  await eventually(
    () => page.getByText('有人吗').count(),
    count => count === 0,
  )
  page.assertNoComplaints(/ERR_FAILED|Failed to load/)
})

test('a page that is opened later confirms what has come before', { skip }, async t => {
  const carol = await product.signIn('carol')
  await carol.post(`/v1/chats/${bob.id}/messages`, { client_id: 'early', text: '早' })
  const delivered = async () => (await carol.get(`/v1/chats/${bob.id}/messages`)).body.data.delivered_up_to
  assert.equal(await delivered(), 0)
  const page = await open(t, '/', bob)
  await eventually(delivered, count => count === 1)
  page.assertNoComplaints()
})

test('a reader deletes and reports a message, and blocks its writer', { skip }, async t => {
  await bob.post(`/v1/chats/${alice.id}/messages`, { client_id: 'rude', text: '讨厌的话' })
  const page = await open(t, `/chats/${bob.id}`, alice)
  const message = page.locator('.message', { hasText: '讨厌的话' })
  await message.getByRole('button', { name: /更多操作/ }).click()
  await page.getByRole('menuitem', { name: '举报' }).click()
  await page.getByLabel('低俗色情').check()
  await page.getByRole('button', { name: '提交' }).click()
  await page.getByText('已收到，谢谢').waitFor()
  await message.getByRole('button', { name: /更多操作/ }).press('Enter')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter') // the second item
  await message.waitFor({ state: 'detached' })
  await page
    .locator('.chat-head')
    .getByRole('button', { name: /更多操作/ })
    .click()
  await page.getByRole('menuitem', { name: '屏蔽 绿皮车厢' }).click()
  await page.getByText('你屏蔽了这位读者').waitFor()
  assert.equal(await page.getByLabel('写给 绿皮车厢').count(), 0)
  assert.equal((await bob.post(`/v1/chats/${alice.id}/messages`, { client_id: 'x', text: 'hi' })).status, 403)
  await page
    .locator('.chat-head')
    .getByRole('button', { name: /更多操作/ })
    .click()
  await page.getByRole('menuitem', { name: '解除屏蔽' }).click()
  await page.getByLabel('写给 绿皮车厢').waitFor()
  page.assertNoComplaints()
})

test('the assistant answers a reader who is not signed in, and its articles open', { skip }, async t => {
  const page = await open(t, '/search')
  await page.getByRole('link', { name: '问问新闻助手' }).click()
  await page.getByRole('button', { name: '有什么科技新闻' }).click()
  await page.locator('.linked', { hasText: '新芯片发布' }).waitFor()
  const box = page.getByLabel('你的问题')
  await box.fill('关于芯片的文章')
  await box.press('Enter')
  await page.getByText('关于“芯片”的文章').waitFor()
  await assertUsable(page, [DESKTOP])
  await page.locator('.linked').last().click()
  await page.getByRole('heading', { name: '新芯片发布' }).waitFor()
  await page.goBack()
  await page.getByText('关于“芯片”的文章').waitFor() // what was said is still there
  page.assertNoComplaints()
})
