// The inbox in a real browser: a push arrives in an open page, without a reload.

import assert from 'node:assert/strict'
import { createECDH, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { before, test } from 'node:test'
import type { ArticleId } from '../../src/base/id.ts'
import { cleanup } from '../support/cleanup.ts'
import type { Product } from '../support/product.ts'
import { eventually, within } from '../support/waiting.ts'
import { type BrowserPage, NO_BROWSER, openBrowserPage, startWithWebApp } from './browser.ts'

const skip = NO_BROWSER
let product: Product
/** A push service counts its messages. */
let pushes = 0
const service = createServer((request, response) => {
  pushes++
  request.resume()
  response.writeHead(201).end()
})
let serviceHost: string

before(async () => {
  if (skip) return
  await once(service.listen(0, '127.0.0.1'), 'listening')
  cleanup(async () => void service.close())
  serviceHost = `127.0.0.1:${(service.address() as AddressInfo).port}`
  product = await startWithWebApp({ WEB_PUSH_HOSTS: serviceHost })
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
  await page.getByRole('link', { name: '通知', exact: true }).waitFor() // what is on the screen is read

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

test('a page that is pushed many notices at once asks for the unread count one request at a time', { skip }, async t => {
  const [carol, dave] = [await product.signIn('carol'), await product.signIn('dave', '13800000005')]
  const tech = await product.createChannel('手机')
  const articles = await product.publish(Array.from({ length: 20 }, () => ({ author: carol.id, channel: tech })))
  const page = await openBrowserPage(t, product.url)
  const tokens = JSON.stringify({ token: carol.token, refresh_token: carol.refreshToken })
  await page.addInitScript(`localStorage.setItem('broadsheet.tokens', ${JSON.stringify(tokens)})`)
  let pushed = 0
  let isConnected = false
  page.on('websocket', socket =>
    socket.on('framereceived', ({ payload }) => {
      if (String(payload).startsWith('40')) isConnected = true
      if (String(payload).startsWith('42["notice"')) pushed++
    }),
  )
  await page.goto('/')
  await page.getByRole('link', { name: '通知', exact: true }).waitFor()

  let requests = 0
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  await page.route('**/v1/notices/unread', async route => {
    requests++
    await held
    await route.continue()
  })
  await eventually(
    () => isConnected,
    connected => connected,
  )
  const like = (article: ArticleId) => dave.post('/v1_0/article/likings', { target: article })
  const [first, ...others] = articles as [ArticleId, ...ArticleId[]]
  await like(first)
  // The request for this one, or that of the connection, whose pause may still last.
  await eventually(
    () => requests,
    count => count === 1,
  )
  for (const article of others) await like(article)
  await eventually(
    () => pushed,
    count => count === articles.length,
  )
  assert.equal(requests, 1)
  release()
  await page.getByRole('link', { name: '20 条未读通知' }).waitFor()
  await eventually(
    () => requests,
    count => count === 2, // for what came meanwhile
  )
  page.assertNoComplaints()
})

test('a browser shows a notice that comes without a page, from when the reader asks for it until they sign out', { skip }, async t => {
  const [alice, carol] = [await product.signIn('alice'), await product.signIn('carol')]
  const page = await openBrowserPage(t, product.url, { permissions: ['notifications'], serviceWorkers: 'allow' })
  const tokens = JSON.stringify({ token: alice.token, refresh_token: alice.refreshToken })
  await page.addInitScript(`localStorage.setItem('broadsheet.tokens', ${JSON.stringify(tokens)})`)
  await page.addInitScript(subscribeAt(`http://${serviceHost}/alice`))
  await page.goto('/inbox')
  const setting = page.getByRole('switch', { name: /通知我/ })
  const subscriptions = async () => (await product.db.selectFrom('web_push_subscription').select('endpoint').execute()).length
  await setting.waitFor()
  assert.equal(await setting.isChecked(), false)
  assert.equal(await subscriptions(), 0)

  await setting.click()
  await eventually(subscriptions, count => count === 1)
  await carol.post('/v1_0/user/followings', { target: alice.id })
  await eventually(
    () => pushes,
    count => count === 1,
  )
  // The headless browser has no notifications, so what would be shown is kept. Chromium may end the worker at any moment, with what
  // it keeps: then the message is delivered to the next one.
  await eventually(
    async () => {
      const worker = page.context().serviceWorkers().at(-1)
      const call = (text: string) => worker && within(worker.evaluate(text), 'the worker evaluates', 5_000).catch(() => undefined)
      await call('registration.showNotification = async (title, { body }) => { self.shown = [title, body] }')
      await deliverPush(page, { id: '1', kind: 'follow' })
      return call('self.shown')
    },
    shown => String(shown) === 'Broadsheet,有人关注了你',
  )

  await setting.click()
  await eventually(subscriptions, count => count === 0)
  await setting.click()
  await eventually(subscriptions, count => count === 1)
  // What the server has deleted comes back with the next look at the inbox.
  await product.db.deleteFrom('web_push_subscription').execute()
  await page.getByRole('link', { name: 'Broadsheet' }).click()
  await page.getByRole('link', { name: /通知/ }).click()
  await eventually(subscriptions, count => count === 1)
  await page.getByRole('link', { name: 'Broadsheet' }).click()
  await page.getByRole('button', { name: '我的账户' }).click()
  await page.getByRole('button', { name: '退出登录' }).click()
  await eventually(
    () => page.evaluate('window.subscription === undefined'),
    gone => gone === true,
  )
  page.assertNoComplaints()
})

/** Plays the part of the browser that asks its maker's push service for an address: no test reaches that one. */
function subscribeAt(endpoint: string): string {
  const keys = { p256dh: createECDH('prime256v1').generateKeys('base64url'), auth: randomBytes(16).toString('base64url') }
  return `
    PushManager.prototype.getSubscription = async () => window.subscription ?? null
    PushManager.prototype.subscribe = async () => (window.subscription = {
      endpoint: ${JSON.stringify(endpoint)},
      toJSON: () => (${JSON.stringify({ endpoint, keys })}),
      unsubscribe: async () => delete window.subscription,
    })`
}

/** Hands the service worker what the browser has decrypted. */
async function deliverPush(page: BrowserPage, message: object): Promise<void> {
  const devTools = await page.context().newCDPSession(page)
  const registrations: string[] = []
  devTools.on('ServiceWorker.workerRegistrationUpdated', event =>
    registrations.push(...event.registrations.map(({ registrationId }) => registrationId)),
  )
  await devTools.send('ServiceWorker.enable')
  const registrationId = (await eventually(() => registrations[0], Boolean)) as string
  await devTools.send('ServiceWorker.deliverPushMessage', { origin: product.url, registrationId, data: JSON.stringify(message) })
  await devTools.detach()
}
