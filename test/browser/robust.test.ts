// The reader's app when something is amiss: the network, the server, the session, the browser's storage, its clock, and what
// people have written.

import assert from 'node:assert/strict'
import { before, type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import type { ArticleId } from '../../src/base/id.ts'
import type { Person, Product } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'
import { type BrowserPage, NO_BROWSER, noticed, openBrowserPage, startWithWebApp } from './browser.ts'
import { assertUsable, PHONE } from './usable.ts'

const skip = NO_BROWSER
let product: Product
let alice: Person
let channel: number
let ids: ArticleId[]

before(async () => {
  if (skip) return
  product = await startWithWebApp()
  alice = await product.signIn('alice')
  channel = await product.createChannel('科技')
  ids = await product.publish(Array.from({ length: 60 }, (_, i) => ({ channel, title: `第 ${i + 1} 篇`, ageSeconds: i * 60 })))
})

async function open(t: TestContext, path = '/', who?: Person): Promise<BrowserPage> {
  const page = await openBrowserPage(t, product.url)
  const tokens = who && JSON.stringify({ token: who.token, refresh_token: who.refreshToken })
  if (tokens) await page.addInitScript(`localStorage.setItem('broadsheet.tokens', ${JSON.stringify(tokens)})`)
  await page.goto(path)
  await page.locator('article').first().waitFor()
  return page
}

const text = (page: BrowserPage) => page.locator('.story .text p').first()
const goTo = (page: BrowserPage, id: ArticleId | string | undefined) => page.locator(`article[data-anchor="${id}"] h2 a`).click()
/** Which articles a page has, and in which order, is for the recommender to say. */
const goToFirst = (page: BrowserPage) => page.locator('.feed article h2 a').first().click()

test('offline what was opened is still there; anything else says so, is not lost, and comes by itself when the network is back', {
  skip,
}, async t => {
  const page = await open(t, '/', alice)
  await page.locator('.feed article').nth(1).waitFor()
  const [first, second] = await page.evaluate<[string, string][]>(
    `[...document.querySelectorAll('.feed article')].map(article => [article.dataset.anchor, article.querySelector('h2').textContent])`,
  )
  await goTo(page, first?.[0])
  await text(page).waitFor()
  await page.goBack()
  await page.locator('.feed article').first().waitFor()
  await page.context().setOffline(true)
  await page.getByText('当前离线').waitFor()
  await goTo(page, first?.[0])
  await text(page).waitFor()
  await page.getByRole('button', { name: /^赞/ }).click()
  await page.getByText('当前离线，没有成功').waitFor()
  await page.getByText('当前离线，只能看').waitFor()
  await page.locator('.action[data-icon=heart][aria-pressed=false]').waitFor()
  await page.goBack()
  await goTo(page, second?.[0])
  await page.getByRole('heading', { name: second?.[1] as string, level: 1, exact: true }).waitFor()
  await page.context().setOffline(false)
  await text(page).waitFor()
  await page.getByText('当前离线').waitFor({ state: 'detached' })
  page.assertNoComplaints(/ERR_INTERNET_DISCONNECTED/)
})

test('on a slow network a line says that something is still loading; while the server is away the end of the feed says so, and goes on', {
  skip,
}, async t => {
  const page = await open(t)
  await page.locator('.feed article').nth(9).waitFor()
  let release = () => {}
  const held = new Promise<void>(resolve => {
    release = resolve
  })
  await page.route('**/v1_0/articles/*', async route => {
    await held
    await route.continue()
  })
  await goToFirst(page)
  await page.getByText('网络有点慢').waitFor()
  release()
  await text(page).waitFor()
  await page.getByText('网络有点慢').waitFor({ state: 'detached' })
  await page.unroute('**/v1_0/articles/*')
  page.assertNoComplaints()

  await page.goBack()
  await page.locator('.feed article').nth(9).waitFor()
  const away = /\/(v1\w*\/|healthz$)/
  await page.route(away, route => route.abort('connectionrefused'))
  const end = page.locator('.feed + .list-end')
  await end.scrollIntoViewIfNeeded()
  const retry = end.getByRole('button', { name: /再试一次/ })
  await retry.waitFor()
  await page.getByText('连不上服务器').waitFor()
  const shown = await page.locator('.feed article').count()
  await page.unroute(away)
  await retry.click()
  await page.locator('.feed article').nth(shown).waitFor()
  await page.getByText('连不上服务器').waitFor({ state: 'detached' })
  page.assertNoComplaints(/ERR_CONNECTION_REFUSED/)
})

test('while the server is away each row that a reader takes off a list comes back', { skip }, async t => {
  for (const target of ids.slice(10, 13)) await alice.post('/v1_0/article/collections', { target })
  const page = await open(t, '/mine/collections', alice)
  const rows = page.locator('.endless article')
  await rows.nth(2).waitFor()
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  await page.route('**/v1_0/article/collections/*', async route => {
    await held
    await route.abort('connectionrefused')
  })
  let refused = 0
  page.on('requestfailed', () => refused++)
  for (const left of [2, 1]) {
    await rows
      .first()
      .getByRole('button', { name: /^取消收藏/ })
      .click()
    await rows.nth(left).waitFor({ state: 'detached' })
  }
  release()
  await eventually(
    async () => [refused, await rows.count()],
    ([requests, shown]) => requests === 2 && shown === 3,
  )
  page.assertNoComplaints(/ERR_CONNECTION_REFUSED/)
})

test('a session that is ended on another device asks to sign in again, and reading goes on', { skip }, async t => {
  const here = await product.signIn('bob')
  const elsewhere = await product.signIn('bob')
  const page = await open(t, '/', here)
  await page.getByRole('button', { name: '我的账户' }).waitFor()
  await elsewhere.delete('/v1/me/sessions')
  await eventually(
    () => here.get('/v1_0/user'),
    ({ status }) => status === 401,
  )
  // Not by a click: any other request of the page may open the dialog before it.
  await page.goto(`/article/${ids[3]}`)
  await page.getByText('登录已过期，请重新登录').waitFor()
  await page.getByRole('dialog', { name: '登录' }).waitFor()
  await page.keyboard.press('Escape')
  await text(page).waitFor()
  page.assertNoComplaints(/status of 40[13]/)
})

test('a browser that stores nothing shows everything, and says that a sign-in ends with the page', { skip }, async t => {
  const page = await openBrowserPage(t, product.url)
  // As browsers do that forbid it for this site.
  await page.addInitScript(`for (const name of ['localStorage', 'sessionStorage'])
    Object.defineProperty(window, name, { get() { throw new DOMException('forbidden', 'SecurityError') } })`)
  await page.goto('/')
  await page.locator('.feed article').first().waitFor()
  await page.getByRole('button', { name: '以后再说' }).click()
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByLabel('手机号').fill('13800000003')
  await page.getByLabel('验证码').fill('246810')
  await page.locator('dialog button[type=submit]').click()
  await page.getByText('关掉页面后要重新登录').waitFor()
  await goToFirst(page)
  await page.getByRole('button', { name: /^收藏/ }).click()
  await noticed(page, '已收藏')
  await page.getByRole('button', { name: '返回' }).click()
  await page.locator('.feed article').nth(9).waitFor()
  page.assertNoComplaints()
})

test('with a full storage, and a clock that is ten years wrong, the feed and its articles are shown', { skip }, async t => {
  for (const years of [-10, 10]) {
    const page = await openBrowserPage(t, product.url)
    await page.addInitScript(`
      localStorage['broadsheet.text-size'] = '"small"'
      Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }
      const now = Date.now
      Date.now = () => now() + ${years} * 31_536_000_000`)
    await page.goto('/')
    await page.locator('.feed article').nth(9).waitFor()
    await page.getByRole('button', { name: '刷新' }).click()
    await noticed(page, /更新了|已经是最新/)
    await page.locator('.feed article h2 a').first().click()
    await text(page).waitFor()
    const opened = page.url()
    // What was stored before does not come back while the page is open.
    await page.getByRole('button', { name: '显示' }).click()
    await page.getByRole('menuitemradio', { name: '特大' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: /^下一篇/ }).click()
    await page.waitForURL(url => url.href !== opened)
    await text(page).waitFor()
    assert.equal(await page.evaluate(`document.documentElement.style.getPropertyValue('--text-scale')`), '1.35')
    page.assertNoComplaints()
  }
})

const ODD_TITLES = {
  long: '一个从来不肯断开的标题'.repeat(18).slice(0, 200),
  unbroken: 'Donaudampfschifffahrtsgesellschaftskapitaen'.repeat(5).slice(0, 200),
  none: ' ',
  rightToLeft: 'مدينة لا تنام (iPhone 17) وقصة طويلة',
  emoji: '🎉🦊👩‍👩‍👧‍👦🏳️‍🌈'.repeat(4),
}
const ALL_TAGS = `<h1>一</h1><h2>二</h2><h3>三</h3><h4>四</h4><h5>五</h5><h6>六</h6>
  <p><b>粗</b><strong>重</strong><i>斜</i><em>强调</em><u>线</u><s>删</s><del>删</del><ins>增</ins><sub>下</sub><sup>上</sup><mark>亮</mark>
  <small>小</small><span>段</span><q>引</q><code>x = 1</code><bdi>א</bdi><bdo dir="rtl">abc</bdo><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby><br>
  <a href="https://example.com/${'long'.repeat(60)}">https://example.com/${'long'.repeat(60)}</a></p><hr>
  <blockquote>话</blockquote><pre>${'const wide = 1; '.repeat(30)}</pre><ul><li>甲</li></ul><ol start="3"><li value="7">乙</li></ol>
  <dl><dt>名</dt><dd>义</dd></dl><section><div>块</div></section>
  <table><caption>表</caption><thead><tr>${'<th>列</th>'.repeat(20)}</tr></thead><tbody><tr>${'<td colspan="2">一格里的字</td>'.repeat(20)}</tr></tbody><tfoot><tr><td>尾</td></tr></tfoot></table>
  <figure><img src="/drawn/9-1.svg" alt="河" width="1" height="900"><figcaption>说明</figcaption></figure><p><img src="/gone.png" alt="没了"></p>
  <p><img src="/drawn/9-2.svg" alt=""></p>`

test('titles and texts of every kind fit a phone and a desktop, and each article can be opened', { skip }, async t => {
  const odd = await product.createChannel('其他')
  const covers = [['gone-1.png'], [], ['gone-1.png', 'gone-2.png', 'drawn/9-3.svg'], ['drawn/9-1.svg'], []]
  const oddIds = await product.publish(
    Object.values(ODD_TITLES).map((title, i) => ({ channel: odd, title, cover: covers[i], ageSeconds: i * 60 })),
  )
  await product.db
    .updateTable('article_content')
    .set({ html: ALL_TAGS })
    .where('article_id', '=', oddIds[0] as ArticleId)
    .execute()
  const page = await open(t, `/c/${odd}`)
  await page.locator('.feed article').nth(4).waitFor()
  await page.getByRole('link', { name: '无题' }).waitFor()
  await assertUsable(page, [PHONE])
  for (const id of oddIds) {
    await goTo(page, id)
    await page.locator('.story .text:not(.lines)').waitFor({ state: 'attached' }) // a blank one has no height
    await page.locator('.story > h1').waitFor()
    assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true)
    if (id === oddIds[0]) {
      await page.locator('.story .text table').waitFor()
      await assertUsable(page)
    }
    await page.getByRole('button', { name: '返回' }).click()
    await page.locator('.feed article').first().waitFor()
  }
  page.assertNoComplaints(/status of 404/)
})

test('of ten thousand comments the first are shown at once, and the next as the reader scrolls', { skip }, async t => {
  const target = ids[6] as ArticleId
  await sql`insert into comment (id, article_id, author_id, content)
    select ${target}::bigint + n * 1000, ${target}, ${alice.id}, '第 ' || n || ' 条' from generate_series(1, 10000) n`.execute(product.db)
  await product.waitForCounts()
  const page = await open(t, `/article/${target}#comments`)
  const items = page.locator('.comments > .endless > li')
  await items.nth(19).waitFor()
  assert.ok((await items.count()) <= 40)
  await page.locator('.action[data-icon=comment]').getByText('1万').waitFor()
  await eventually(
    async () => {
      await page.locator('.comments .list-end').scrollIntoViewIfNeeded()
      return items.count()
    },
    count => count > 60,
  )
  page.assertNoComplaints()
})
