// Chats and the assistant in a real browser.

import assert from 'node:assert/strict'
import { before, type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import type { Person, Product } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'
import { NO_BROWSER, noticed, openBrowserPage, startWithWebApp } from './browser.ts'
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
  await assertUsable(hers, [DESKTOP])
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

test('on a small phone the name of an author is written in one line, above the buttons', { skip }, async t => {
  const page = await openBrowserPage(t, product.url, { viewport: { width: 360, height: 740 } })
  await page.addInitScript(`localStorage.setItem('broadsheet.language', '"en"')`)
  await sql`update reader set name = 'Nocturn' where id = ${alice.id}`.execute(product.db)
  await page.goto(`/author/${alice.id}`)
  const heightOf = async () => (await page.getByRole('heading', { level: 1 }).boundingBox())?.height ?? 0
  await page.getByRole('link', { name: /Write a message/ }).waitFor()
  await eventually(heightOf, height => height > 0 && height < 60)
  await sql`update reader set name = '爱丽丝' where id = ${alice.id}`.execute(product.db)
})

test('a message that could not be sent stays with its writer, and is sent once; one is reported and deleted, and its writer blocked', {
  skip,
}, async t => {
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
  await page.unroute('**/messages?*')
  await page.unroute('**/messages')

  await bob.post(`/v1/chats/${alice.id}/messages`, { client_id: 'rude', text: '讨厌的话' })
  const message = page.locator('.message', { hasText: '讨厌的话' })
  await message.getByRole('button', { name: /更多操作/ }).click()
  await page.getByRole('menuitem', { name: '举报' }).click()
  await page.getByLabel('低俗色情').check()
  await page.getByRole('button', { name: '提交' }).click()
  await noticed(page, '已收到，谢谢')
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

test('messages that could not be sent are there after a reload, and go out in their order, once, when the network is back', {
  skip,
}, async t => {
  const [erin, frank] = [await product.signIn('erin', '13800000011'), await product.signIn('frank', '13800000012')]
  await frank.post(`/v1/chats/${erin.id}/messages`, { client_id: 'first', text: '在吗' })
  const page = await open(t, `/chats/${frank.id}`, erin)
  await page.route('**/messages', route => route.abort())
  const box = page.getByPlaceholder('写给')
  for (const text of ['第一条', '第二条']) {
    await box.fill(text)
    await box.press('Enter')
  }
  await eventually(
    () => page.getByText('没有发出去').count(),
    count => count === 2,
  )
  await page.reload()
  await eventually(
    () => page.locator('.outgoing').allInnerTexts(),
    texts => String(texts.map(text => text.trim())) === '第一条,第二条',
  )
  await page.unroute('**/messages')
  await page.goto('/popular') // the chat is not open
  const sent = async () => (await frank.get(`/v1/chats/${erin.id}/messages`)).body.data.messages.map(({ text }: { text: string }) => text)
  await eventually(sent, texts => texts.length === 3)
  await page.goto(`/chats/${frank.id}`)
  await page.getByText('第二条').waitFor()
  // If the page was left before it had read the last answer, it sends that message again, which has no effect.
  await eventually(
    async () => [await page.locator('.outgoing').count(), await page.evaluate(`localStorage.getItem('broadsheet.outbox')`)],
    ([count, kept]) => count === 0 && kept === null,
  )
  assert.deepEqual(await sent(), ['在吗', '第一条', '第二条'])

  // Whoever signs out leaves none behind.
  await page.route('**/messages', route => route.abort())
  await box.fill('第三条')
  await box.press('Enter')
  await page.getByText('没有发出去').waitFor()
  await page.getByRole('button', { name: '我的账户' }).click()
  await page.getByRole('button', { name: '退出登录' }).click()
  await eventually(
    () => page.evaluate(`localStorage.getItem('broadsheet.outbox')`),
    kept => kept === null,
  )
  page.assertNoComplaints(/ERR_FAILED|Failed to load/)
})

test('a chat that was opened is read after a reload without a network', { skip }, async t => {
  const [kim, leo] = [await product.signIn('kim', '13800000021'), await product.signIn('leo', '13800000022')]
  await leo.post(`/v1/chats/${kim.id}/messages`, { client_id: 'first', text: '山上没有信号' })
  const page = await openBrowserPage(t, product.url, { serviceWorkers: 'allow' })
  const tokens = JSON.stringify({ token: kim.token, refresh_token: kim.refreshToken })
  await page.addInitScript(`localStorage.setItem('broadsheet.tokens', ${JSON.stringify(tokens)})`)
  await page.goto(`/chats/${leo.id}`)
  await page.getByText('山上没有信号').waitFor()
  await eventually(() => page.evaluate<boolean>('navigator.serviceWorker.controller !== null'), Boolean)
  await page.context().setOffline(true)
  await page.reload()
  await page.getByText('山上没有信号').waitFor()
  await page.getByText('当前离线').waitFor()
  await page.goto('/chats')
  await page.context().setOffline(false)
  await page.getByRole('link', { name: /leo|山上没有信号/ }).waitFor()
  page.assertNoComplaints(/Failed to load|ERR_|WebSocket/)
})

test('a tab that has no room to store a message takes none from another tab', { skip }, async t => {
  const [mia, noah] = [await product.signIn('mia', '13800000023'), await product.signIn('noah', '13800000024')]
  const page = await open(t, `/chats/${noah.id}`, mia)
  const write = async (tab: Pick<typeof page, 'getByPlaceholder' | 'locator'>, text: string) => {
    await tab.getByPlaceholder('写给').fill(text)
    await tab.getByPlaceholder('写给').press('Enter')
    await tab.locator('.outgoing', { hasText: text }).waitFor()
  }
  await page.context().route('**/messages', route => route.abort())
  await write(page, '第一页写的')
  const full = await page.context().newPage()
  await full.addInitScript(`Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }`)
  await full.goto(`/chats/${noah.id}`)
  await write(full, '第二页写的')
  await full.close()
  await page.getByText('没有发出去').waitFor()
  assert.deepEqual(await page.locator('.outgoing').allInnerTexts(), ['第一页写的'])
  assert.match(String(await page.evaluate(`localStorage.getItem('broadsheet.outbox')`)), /第一页写的/)
  assert.ok(await page.getByRole('button', { name: '我的账户' }).isVisible())
})

test('a message that is discarded in one tab is not sent by another one', { skip }, async t => {
  const [ivan, judy] = [await product.signIn('ivan', '13800000016'), await product.signIn('judy', '13800000017')]
  const page = await open(t, `/chats/${judy.id}`, ivan)
  await page.route('**/messages', route => route.abort())
  const box = page.getByPlaceholder('写给')
  await box.fill('别发这条')
  await box.press('Enter')
  await page.getByText('没有发出去').waitFor()
  const other = await page.context().newPage()
  await other.route('**/messages', route => route.abort())
  await other.goto(`/chats/${judy.id}`)
  await other.getByText('没有发出去').waitFor()
  await other.getByRole('button', { name: '不发了' }).click()
  await page.locator('.outgoing').waitFor({ state: 'detached' })
  await page.unroute('**/messages')
  await box.fill('发这条')
  await box.press('Enter')
  const received = async () =>
    (await judy.get(`/v1/chats/${ivan.id}/messages`)).body.data.messages.map(({ text }: { text: string }) => text)
  await eventually(received, texts => texts.length > 0)
  assert.deepEqual(await received(), ['发这条'])
  page.assertNoComplaints(/ERR_FAILED|Failed to load/)
})

test('after a long gap an open chat shows the newest messages, and asks for a bounded number of pages', { skip }, async t => {
  const [gina, hugo] = [await product.signIn('gina', '13800000013'), await product.signIn('hugo', '13800000014')]
  await hugo.post(`/v1/chats/${gina.id}/messages`, { client_id: 'first', text: '开始' })
  const page = await open(t, `/chats/${hugo.id}`, gina)
  await page.getByText('开始').waitFor()
  let requests = 0
  page.on('request', request => void (/messages\?/.test(request.url()) && requests++))
  await sql`
    with numbered as (update chat set last_seq = 2001 where id = (select chat_id from chat_side where reader_id = ${gina.id}) returning id)
    insert into chat_message (chat_id, seq, id, sender_id, client_id, content)
      select numbered.id, n, ${hugo.id}::bigint + n, ${hugo.id}, n::text, '第' || n || '条' from numbered, generate_series(2, 2001) n`.execute(
    product.db,
  )
  await page.getByText('第2001条').waitFor()
  assert.equal(await page.getByText('开始').count(), 0)
  assert.ok(requests <= 22, `${requests} requests`) // one look, or another one for a receipt that came meanwhile
  t.diagnostic(`${requests} requests`)
  await page.getByRole('button', { name: '更早的消息' }).click()
  await page.getByText('第1902条').waitFor()
  page.assertNoComplaints()
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

test('an answer that takes a minute is waited for, also on another screen', { skip }, async t => {
  const page = await openBrowserPage(t, product.url, { own: true })
  await page.clock.install()
  const held: (() => void)[] = []
  let isHeld = true
  await page.routeWebSocket(/socket\.io/, socket => {
    const server = socket.connectToServer()
    server.onMessage(message => {
      if (isHeld && String(message).startsWith('42["message"')) held.push(() => socket.send(message))
      else socket.send(message)
    })
  })
  await page.goto('/search')
  await page.getByRole('link', { name: '问问新闻助手' }).click()
  const box = page.getByLabel('你的问题')
  await box.fill('关于芯片的文章')
  await box.press('Enter')
  await eventually(
    () => held.length,
    count => count === 1,
  )
  await page.clock.fastForward(60_000)
  assert.equal(await page.locator('.message[aria-busy=true]').count(), 1)
  await page.goBack()
  await box.waitFor({ state: 'detached' })
  isHeld = false
  for (const release of held) release()
  await page.getByRole('link', { name: '问问新闻助手' }).click()
  await page.getByText('关于“芯片”的文章').waitFor()
  page.assertNoComplaints()
})
