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
import { assertUsable, PHONE } from './usable.ts'

const skip = NO_BROWSER
let product: Product
/** The product behind a proxy, which can serve another build and be away. */
let proxyUrl: string
let build = 1
let isAway = false
/** Its page names a file that its service worker does not know. */
let isTorn = false

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
        .replace('<head>', `<head><meta name="build" content="${build}">${isTorn ? '<link href="/assets/other.css">' : ''}`)
        .replace('"version":"', `"version":"${build} `)
      response.writeHead(answer.status, { 'content-type': type }).end(isText ? text : bytes)
    })().catch(() => response.destroy())
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  cleanup(async () => void proxy.close())
  cleanup(async () => proxy.closeAllConnections())
  proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
})

const installed = new Map<string, BrowserPage>()

/** In the tab that all tests of an address share, because installing the app costs a second. It has no article of a test before. */
async function openInstalled(url: string): Promise<BrowserPage> {
  const known = installed.get(url)
  if (known) {
    await known.context().setOffline(false)
    await known.evaluate(
      `caches.keys().then(names => Promise.all(names.filter(name => name.startsWith('article ')).map(name => caches.delete(name))))`,
    )
    return known
  }
  const page = await openBrowserPage({ after: cleanup }, url, { serviceWorkers: 'allow' })
  installed.set(url, page)
  return page
}

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

test('an article that was opened is read after a reload without a network, and is listed until it is deleted', { skip }, async () => {
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
  const page = await openInstalled(product.url)
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
  await assertUsable(page, [PHONE])
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

test('whoever signs out leaves no article behind, and one that is withdrawn goes when it is opened', { skip }, async () => {
  const channel = await product.createChannel('体育')
  const bob = await product.signIn('bob')
  const [first, second] = await product.publish([
    { author: bob.id, channel },
    { author: bob.id, channel },
  ])
  const page = await openInstalled(product.url)
  const tokens = JSON.stringify({ token: bob.token, refresh_token: bob.refreshToken })
  const signIn = await page.addInitScript(`localStorage.setItem('broadsheet.tokens', ${JSON.stringify(tokens)})`)
  for (const id of [first, second]) {
    await page.goto(`/article/${id}`)
    await eventually(
      () => cachesOf(page),
      names => names.includes(`article ${bob.id} ${id}`),
    )
  }
  await signIn.dispose()
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
}, async () => {
  const channel = await product.createChannel('财经')
  const carol = await product.signIn('carol')
  const [article] = await product.publish([{ author: carol.id, channel, title: '利率没有变化' }])
  const page = await openInstalled(proxyUrl)
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

test('an article keeps its pictures when it is read again while the server is away', { skip }, async () => {
  const channel = await product.createChannel('旅行')
  const erin = await product.signIn('erin', '13800000015')
  const [id] = await product.publish([{ author: erin.id, channel, title: '有图' }])
  const html = `<p>有图</p><p><img src="/drawn/avatar-${erin.id}.svg" alt="窗外"></p>`
  await product.db
    .updateTable('article_content')
    .set({ html })
    .where('article_id', '=', id as never)
    .execute()
  const page = await openInstalled(proxyUrl)
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

test('of the articles fifty are kept, none of another viewer, and a full storage costs the oldest', { skip }, async () => {
  const channel = await product.createChannel('历史')
  const frank = await product.signIn('frank', '13800000018')
  const [first, second] = await product.publish([
    { author: frank.id, channel },
    { author: frank.id, channel },
  ])
  const page = await openInstalled(product.url)
  await page.goto('/offline')
  await page.evaluate(`Promise.all([...Array(51).keys()].map(async n => {
    const cache = await caches.open(n === 0 ? 'article 7 1' : 'article device ' + n)
    await cache.put('/v1_0/articles/' + (n || 1), Response.json({ data: { art_id: String(n), title: String(n), pubdate: '2026-01-01T00:00:00' } }, { headers: { 'kept-at': n } }))
  }))`)
  const keptOf = async () => (await cachesOf(page)).filter(name => name.startsWith('article '))
  await page.goto(`/article/${first}`)
  const kept = await eventually(keptOf, names => names.includes(`article device ${first}`))
  assert.equal(kept.length, 50)
  assert.ok(!kept.includes('article 7 1') && !kept.includes('article device 1') && kept.includes('article device 2'))
  const full = await page.addInitScript(`Cache.prototype.put = () => Promise.reject(new DOMException('full', 'QuotaExceededError'))`)
  await page.goto(`/article/${second}`)
  const left = await eventually(keptOf, names => !names.includes('article device 3'))
  assert.deepEqual([left.length, left.includes(`article device ${second}`), left.includes(`article device ${first}`)], [48, false, true])
  await full.dispose()
  page.assertNoComplaints(FAILED)
})

test('a service worker whose page is of another build is not installed', { skip }, async () => {
  const page = await openInstalled(proxyUrl)
  await page.goto('/offline')
  await page.evaluate(`navigator.serviceWorker.register('/service-worker.js')`)
  await ready(page)
  const before = await cachesOf(page)
  build = 3
  isTorn = true
  const ended = await page.evaluate<string>(`navigator.serviceWorker.getRegistration().then(async known => {
    const { installing } = await known.update()
    if (!installing) return 'not installing'
    while (installing.state === 'installing') await new Promise(resolve => installing.addEventListener('statechange', resolve, { once: true }))
    return installing.state
  })`)
  isTorn = false
  assert.deepEqual([ended, await cachesOf(page)], ['redundant', before])
})

test('a reader is asked once whether to install the app, with the fifth article', { skip }, async t => {
  const channel = await product.createChannel('音乐')
  const gina = await product.signIn('gina', '13800000019')
  const [id] = await product.publish([{ author: gina.id, channel, title: '新的交响曲' }])
  const page = await openBrowserPage(t, product.url)
  // Chromium tells it of a page that can be installed; here the page is told so at once.
  await page.addInitScript(`localStorage['broadsheet.install-hint'] ??= '3'; addEventListener('DOMContentLoaded', () => {
    window.asked = 0
    dispatchEvent(Object.assign(new Event('beforeinstallprompt'), { prompt: async () => void window.asked++ }))
  })`)
  const hint = page.getByText('把 Broadsheet 放到桌面')
  const openedOf = () => page.evaluate<string | null>(`localStorage.getItem('broadsheet.install-hint')`)
  for (let opened = 4; opened <= 6; opened++) {
    await page.goto(`/article/${id}`)
    await eventually(openedOf, kept => kept === (opened < 5 ? String(opened) : '"shown"'))
    await textOf(page).waitFor()
    if (opened === 5) await hint.waitFor()
    else assert.equal(await hint.count(), 0, `article ${opened}`)
    assert.equal(await page.evaluate('window.asked'), 0, 'not without the reader')
    if (opened !== 5) continue
    await page.getByRole('button', { name: '安装到桌面' }).click()
    assert.equal(await page.evaluate('window.asked'), 1)
  }
  page.assertNoComplaints()
})
