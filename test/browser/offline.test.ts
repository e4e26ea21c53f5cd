// The readers' app without a network: what was opened is there, the app itself too, and a new build is never kept out by an old one.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { before, test } from 'node:test'
import { cleanup } from '../support/cleanup.ts'
import type { Product } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'
import { type BrowserPage, NO_BROWSER, openBrowserPage, startWithWebApp } from './browser.ts'
import { assertUsable } from './usable.ts'

const skip = NO_BROWSER
let product: Product
/** The product behind a proxy, which can serve another build and be away. */
let proxyUrl: string
let build = 1
let isAway = false

before(async () => {
  if (skip) return
  product = await startWithWebApp()
  const proxy = createServer((request, response) => {
    void (async () => {
      if (isAway) return void response.writeHead(502).end('Bad Gateway')
      const { authorization, accept = '*/*' } = request.headers
      const headers = { accept, ...(authorization && { authorization }) }
      const answer = await fetch(product.url + request.url, { headers, method: request.method ?? 'GET', redirect: 'manual' })
      const type = answer.headers.get('content-type') ?? 'text/plain'
      const bytes = Buffer.from(await answer.arrayBuffer())
      // The addresses of pictures are the product's.
      if (type.startsWith('application/json'))
        return void response.writeHead(answer.status, { 'content-type': type }).end(bytes.toString().replaceAll(product.url, proxyUrl))
      const isText = type.startsWith('text/html') || request.url === '/service-worker.js'
      const text = bytes
        .toString()
        .replace('<head>', `<head><meta name="build" content="${build}">`)
        .replace('"version":"', `"version":"${build} `)
      response.writeHead(answer.status, { 'content-type': type }).end(isText ? text : bytes)
    })().catch(() => response.destroy())
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  cleanup(async () => void proxy.close())
  cleanup(async () => proxy.closeAllConnections())
  proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
})

/** As text: it runs in the page, with globals that this program's types lack. */
const cachesOf = (page: BrowserPage) => page.evaluate<string[]>('caches.keys()')
const ready = (page: BrowserPage) =>
  eventually(
    () =>
      page.evaluate<boolean>(
        `caches.keys().then(names => names.some(name => name.startsWith('shell ')) && navigator.serviceWorker.controller !== null)`,
      ),
    Boolean,
  )
const textOf = (page: BrowserPage) => page.locator('.story .text')
const buildOf = (page: BrowserPage) => page.locator('meta[name=build]').getAttribute('content')
/** A browser reports each request that fails. */
const FAILED = /Failed to load resource|net::ERR_/

test('an article that was opened is read after a reload without a network, and is listed until it is deleted', { skip }, async t => {
  const channel = await product.createChannel('科技')
  const alice = await product.signIn('alice')
  const [kept, other] = await product.publish([
    {
      author: alice.id,
      channel,
      title: '火星土壤里找到水',
    },
    { author: alice.id, channel, title: '没有打开过的文章' },
  ])
  const page = await openBrowserPage(t, product.url, { serviceWorkers: 'allow' })
  await page.goto(`/article/${kept}`)
  await textOf(page).getByText('火星土壤里找到水').waitFor()
  await ready(page)
  await eventually(
    () => cachesOf(page),
    names => names.includes(`article device ${kept}`),
  )
  await page.context().setOffline(true)
  await page.reload()
  await textOf(page).getByText('火星土壤里找到水').waitFor()
  await page.getByText('当前离线').waitFor()
  await page.getByRole('link', { name: '离线文章' }).click()
  await page.getByRole('link', { name: '火星土壤里找到水' }).waitFor()
  await assertUsable(page)
  await page.goto(`/article/${other}`)
  await page.getByText('这篇文章没有存下来').waitFor()
  assert.equal(await page.getByText('无题').count(), 0)
  await page.goto('/')
  await page.getByRole('link', { name: '离线文章' }).click()
  await page.getByRole('link', { name: '火星土壤里找到水' }).click()
  await textOf(page).getByText('火星土壤里找到水').waitFor()
  await page.goBack()
  await page.getByRole('button', { name: '删除: 火星土壤里找到水' }).click()
  await page.getByText('还没有离线文章').waitFor()
  page.assertNoComplaints(FAILED)
})

test('whoever signs out leaves no article behind, and one that is withdrawn goes when it is opened', { skip }, async t => {
  const channel = await product.createChannel('体育')
  const bob = await product.signIn('bob')
  const [first, second] = await product.publish([
    { author: bob.id, channel },
    { author: bob.id, channel },
  ])
  const page = await openBrowserPage(t, product.url, { serviceWorkers: 'allow' })
  const tokens = JSON.stringify({ token: bob.token, refresh_token: bob.refreshToken })
  await page.addInitScript(
    `sessionStorage.getItem('done') ?? localStorage.setItem('broadsheet.tokens', ${JSON.stringify(tokens)}); sessionStorage.setItem('done', '1')`,
  )
  for (const id of [first, second]) {
    await page.goto(`/article/${id}`)
    await eventually(
      () => cachesOf(page),
      names => names.includes(`article ${bob.id} ${id}`),
    )
  }
  await product.db
    .updateTable('article')
    .set({ status: 5 })
    .where('id', '=', first as never)
    .execute()
  await eventually(
    async () => (await product.request('GET', `/v1_0/articles/${first}`)).status,
    status => status === 404,
  )
  await page.goto(`/article/${first}`)
  await eventually(
    () => cachesOf(page),
    names => !names.includes(`article ${bob.id} ${first}`),
  )
  await page.goto('/')
  await page.getByRole('button', { name: '我的账户' }).click()
  await page.getByRole('button', { name: '退出登录' }).click()
  await eventually(
    () => cachesOf(page),
    names => names.every(name => !name.startsWith('article ')),
  )
  page.assertNoComplaints(FAILED)
})

test('a new build is what a reader gets at their next visit, online and later offline, and the app opens while the server is away', {
  skip,
}, async t => {
  const channel = await product.createChannel('财经')
  const carol = await product.signIn('carol')
  const [article] = await product.publish([{ author: carol.id, channel, title: '利率没有变化' }])
  const page = await openBrowserPage(t, proxyUrl, { serviceWorkers: 'allow' })
  await page.goto(`/article/${article}`)
  await textOf(page).getByText('利率没有变化').waitFor()
  await ready(page)
  build = 2
  await page.reload()
  assert.equal(await buildOf(page), '2')
  // The new build is kept whole before it answers.
  await eventually(
    () =>
      page.evaluate<boolean>(`Promise.all([caches.keys(), navigator.serviceWorker.getRegistration()]).then(
        ([names, { installing, waiting }]) => names.some(name => name.startsWith('shell 2 ')) && !installing && !waiting)`),
    Boolean,
  )
  isAway = true
  await page.reload()
  await textOf(page).getByText('利率没有变化').waitFor()
  assert.equal(await buildOf(page), '2')
  isAway = false
  page.assertNoComplaints(FAILED)
})

test('an article keeps its pictures when it is read again while the server is away', { skip }, async t => {
  const channel = await product.createChannel('旅行')
  const erin = await product.signIn('erin', '13800000015')
  const [id] = await product.publish([{ author: erin.id, channel, title: '有图' }])
  const html = `<p>有图</p><p><img src="/drawn/avatar-${erin.id}.svg" alt="窗外"></p>`
  await product.db
    .updateTable('article_content')
    .set({ html })
    .where('article_id', '=', id as never)
    .execute()
  const page = await openBrowserPage(t, proxyUrl, { serviceWorkers: 'allow' })
  const picturesOf = () =>
    page.evaluate<number>(`caches.open('article device ${id}').then(cache => cache.keys())
      .then(requests => requests.filter(({ url }) => url.includes('/drawn/')).length)`)
  const keptAt = () =>
    page.evaluate<string | null>(`caches.match('/v1_0/articles/${id}', { cacheName: 'article device ${id}' })
      .then(answer => answer?.headers.get('kept-at') ?? null)`)
  const isShown = () => page.evaluate<boolean>(`document.querySelector('.story .text img')?.naturalWidth > 0`)
  await page.goto(`/article/${id}`)
  await eventually(picturesOf, count => count === 1)
  await ready(page)
  isAway = true
  for (let visit = 0; visit < 2; visit++) {
    const before = await keptAt()
    await page.reload()
    await eventually(isShown, Boolean)
    await eventually(keptAt, at => at !== null && at !== before) // it is kept once more
    assert.equal(await picturesOf(), 1)
  }
  isAway = false
  page.assertNoComplaints(FAILED)
})
