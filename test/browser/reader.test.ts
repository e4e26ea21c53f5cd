// The reader's app in a real browser: with a mouse, with a keyboard only, on a phone, and when requests fail.

import assert from 'node:assert/strict'
import { before, type TestContext, test } from 'node:test'
import type { Request } from 'playwright-core'
import type { ArticleId } from '../../src/base/id.ts'
import type { Product } from '../support/product.ts'
import { eventually, PATIENCE_MS } from '../support/waiting.ts'
import { type BrowserPage, NO_BROWSER, noticed, openBrowserPage, settle, startWithWebApp } from './browser.ts'

const skip = NO_BROWSER
let product: Product
let tech: number
let ids: ArticleId[]

before(async () => {
  if (skip) return
  product = await startWithWebApp()
  tech = await product.createChannel('科技')
  const sport = await product.createChannel('体育')
  const covers = [[], ['drawn/11-1.svg'], ['drawn/12-1.svg', 'drawn/12-2.svg', 'drawn/12-3.svg']]
  const titles = ['雨夜里的酸汤鱼，热到眼镜起雾', 'The last lamplighters of Calder Point', '五个人维护的低功耗芯片，撑起了七百万次下载']
  ids = await product.publish(
    Array.from({ length: 60 }, (_, i) => ({
      channel: i % 2 ? tech : sport,
      title: `${titles[i % 3]} ${i}`,
      cover: covers[i % 3],
      ageSeconds: i * 600,
    })),
  )
})

async function open(t: TestContext, path = '/', options?: Parameters<typeof openBrowserPage>[2]): Promise<BrowserPage> {
  const page = await openBrowserPage(t, product.url, options)
  await page.goto(path)
  await page.locator('.feed article').first().waitFor()
  return page
}

/** Those near the screen. */
const cards = (page: BrowserPage) => page.locator('.feed article')
const countAll = (page: BrowserPage) => page.evaluate<number>(`Number(document.querySelector('.feed').dataset.cards)`)
/** Of all cards: groups far from the screen have their headlines as lines of text. */
const titles = (page: BrowserPage) =>
  page.evaluate<string[]>(`[...document.querySelectorAll('.feed .group')].flatMap(group =>
    'far' in group.dataset ? group.textContent.split('\\n') : [...group.querySelectorAll('h2')].map(h2 => h2.textContent))`)
const scrollTo = (page: BrowserPage, y: number) => page.evaluate(`scrollTo(0, ${y})`)
const waitForScroll = (page: BrowserPage, wanted: number) =>
  eventually(
    () => page.evaluate<number>('scrollY'),
    y => Math.abs(y - wanted) <= 1,
  )
/** The distance of an article from the top of the screen, in pixels. */
const topOf = async (page: BrowserPage, id: string) => (await page.locator(`article[data-anchor="${id}"]`).boundingBox())?.y ?? Number.NaN
const assertWithinPixel = (a: number, b: number) => assert.ok(Math.abs(a - b) <= 1, `${a} is not ${b}`)

/** Scrolls down until so many articles are loaded. */
async function scrollUntil(page: BrowserPage, wanted: number): Promise<void> {
  for (const giveUp = performance.now() + 3 * PATIENCE_MS; (await countAll(page)) < wanted; ) {
    assert.ok(performance.now() < giveUp, 'no more articles are loaded')
    await page.mouse.wheel(0, 2_000)
    await page.waitForTimeout(50)
  }
}

/** Until there are new articles on top, whose titles and those below them it returns. They are drawn a moment after the message. */
async function refresh(page: BrowserPage): Promise<string[]> {
  const [first] = await titles(page)
  await page.getByRole('button', { name: '刷新' }).click()
  await noticed(page, /更新了 \d+ 篇/)
  return eventually(
    () => titles(page),
    all => all[0] !== first,
  )
}

test('the front page shows ten articles or more, nothing moves while they load, and each says why it is shown', { skip }, async t => {
  const page = await open(t)
  assert.ok((await cards(page).count()) >= 10)
  await page.waitForLoadState('networkidle')
  assert.equal(await page.evaluate('JSON.stringify(window.shifts)'), '[]')
  assert.equal(await page.evaluate('document.documentElement.lang'), 'zh-CN')
  await page
    .getByRole('button', { name: /^更多操作/ })
    .first()
    .click()
  await page.getByRole('menuitem', { name: '为什么看到它' }).click()
  const sheet = page.getByRole('dialog', { name: '为什么看到它' })
  await sheet.getByText('来自按发布时间排的全部文章').waitFor() // a few minutes newer than the others is no reason
  assert.equal(await sheet.getByText(/新近发布|刚刚发布/).count(), 0)
  await sheet.getByText('查看数字').click()
  await sheet.getByRole('rowheader', { name: '新鲜' }).waitFor()
  await page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'detached' })
  assert.match(await page.evaluate<string>(`document.activeElement.ariaLabel`), /^更多操作/)
  page.assertNoComplaints()
})

test('the first page is asked for once, while the app is loading, which shows that page without an outline first', { skip }, async t => {
  const page = await openBrowserPage(t, product.url)
  await page.addInitScript(`
    window.outlines = 0
    new MutationObserver(() => { outlines += document.querySelectorAll('.skeleton').length }).observe(document, { childList: true, subtree: true })`)
  const asked: string[] = []
  page.on('request', request => /user.channels|articles\?channel_id=0/.test(request.url()) && asked.push(request.url()))
  const first = page.waitForResponse(/articles\?channel_id=0/)
  await page.route(/assets\/index-.*\.js/, async route => {
    await eventually(
      () => page.evaluate<number>('Object.values(window.early?.answered ?? {}).filter(Boolean).length'),
      count => count === 2,
    )
    await route.continue()
  })
  await page.goto('/', { waitUntil: 'commit' })
  const answer = (await (await first).json()) as { data: { results: { title: string }[] } }
  await cards(page).first().waitFor()
  assert.deepEqual(
    (await titles(page)).slice(0, 10),
    answer.data.results.map(({ title }) => title),
  )
  await page.waitForLoadState('networkidle')
  assert.equal(await page.evaluate('window.outlines'), 0)
  assert.equal(asked.filter(url => url.includes('channels')).length, 1)
  page.assertNoComplaints()
})

test('a reader who scrolls to the end sees every article once, and that there are no more', { skip }, async t => {
  const page = await open(t)
  await scrollUntil(page, 60)
  await scrollTo(page, 1e6)
  await page.getByText('到底了').waitFor()
  const all = await titles(page)
  assert.equal(new Set(all).size, 60)
  assert.equal(all.length, 60)

  // Cards far from the screen are a line of text each, and whole again when they come near.
  const first = page.locator('.feed .group').first()
  await first.locator('article').first().waitFor({ state: 'detached' })
  assert.equal((await first.textContent())?.split('\n')[0], all[0])
  // A search in the page finds it, and leads to where its card is.
  const wanted = all.slice(0, 10).find(title => /\d\d$/.test(title)) // of no other title a part
  assert.equal(await page.evaluate(`getSelection().removeAllRanges(); find(${JSON.stringify(wanted)}, true, true)`), true)
  const card = page.locator('.feed article', { hasText: wanted })
  await card.waitFor()
  await eventually(
    async () => (await card.boundingBox())?.y ?? Number.NaN,
    y => y > -200 && y < 800,
  )
  // Of a group, not of the page, at whose end more may be loading.
  const topOfLast = () =>
    page.evaluate<number>(`Math.round([...document.querySelectorAll('.feed .group')].at(-1).getBoundingClientRect().top + scrollY)`)
  await scrollTo(page, 0)
  const last = page.locator('.feed .group').last()
  await last.locator('article').first().waitFor({ state: 'detached' })
  const top = await topOfLast()
  assert.ok(top > 1_000)
  await scrollTo(page, 1e6)
  await last.locator('article').first().waitFor()
  await first.locator('article').first().waitFor({ state: 'detached' })
  assert.equal(await topOfLast(), top)
  page.assertNoComplaints()
})

test('a reader who comes back from another channel or an article, or reloads, finds the feed where they left it', { skip }, async t => {
  const page = await open(t)
  await scrollUntil(page, 30)
  await scrollTo(page, 1_500)
  await page.getByRole('navigation', { name: '频道' }).getByRole('link', { name: '科技' }).click()
  await page.waitForURL(`**/c/${tech}`)
  await waitForScroll(page, 0)
  assert.equal(
    await page.getByRole('navigation', { name: '频道' }).getByRole('link', { name: '科技' }).getAttribute('aria-current'),
    'page',
  )
  await page.getByRole('link', { name: '推荐' }).click()
  await waitForScroll(page, 1_500)
  assert.ok((await countAll(page)) >= 30)

  await scrollTo(page, 2_345)
  await page.waitForTimeout(100)
  const id = (await page.evaluate<string>(`[...document.querySelectorAll('.feed article')]
    .find(article => article.getBoundingClientRect().top > 100).dataset.anchor`)) as string
  const [before, shown] = [await topOf(page, id), await countAll(page)]

  const sent = page.waitForRequest(request => request.url().endsWith(`/v1_0/articles/${id}`))
  await page.locator(`article[data-anchor="${id}"] h2 a`).click()
  assert.match((await sent).headers().trace ?? '', /^c[A-Za-z0-9_-]{64}$/)
  await page.locator('.story .text p').waitFor()
  assert.equal(await page.evaluate('scrollY'), 0)
  assert.match(await page.title(), / · Broadsheet$/)
  await page.getByRole('button', { name: '返回' }).click()
  await cards(page).first().waitFor()
  assertWithinPixel(await topOf(page, id), before)
  assert.equal(await page.evaluate('document.activeElement.dataset.anchor'), id)

  await page.reload()
  await cards(page).first().waitFor()
  assert.equal(await countAll(page), shown)
  assertWithinPixel(await topOf(page, id), before)
  page.assertNoComplaints()
})

test('a reader who follows a link to an article goes back to the front page', { skip }, async t => {
  const page = await openBrowserPage(t, product.url)
  await page.goto(`/article/${ids[3]}`)
  await page.locator('.story .text p').waitFor()
  await page.getByRole('button', { name: '返回' }).click()
  await cards(page).first().waitFor()
  assert.equal(await page.evaluate('location.pathname'), '/')
  assert.equal(await page.evaluate('history.state.depth'), 0)

  await page.goto('/nowhere')
  await page.getByText('没有这一页').waitFor()
  await page.goto('/%E0%A4%A') // no UTF-8
  await page.getByText('没有这一页').waitFor()
  await page.getByRole('banner').getByRole('button', { name: '返回' }).waitFor()
  await page.getByRole('link', { name: '回到首页' }).click()
  await cards(page).first().waitFor()
  page.assertNoComplaints()
})

test('a refresh puts new articles on top, or says that there are none', { skip }, async t => {
  const page = await open(t, `/c/${tech}`)
  const after = await refresh(page)
  assert.equal(new Set(after).size, after.length)
  await scrollUntil(page, 30)
  await page.getByRole('button', { name: '刷新' }).click()
  await noticed(page, '已经是最新')
  assert.equal(await countAll(page), 30)
  page.assertNoComplaints()
})

test('a refresh is kept while a next page is loading, and when it comes late it moves nothing in another channel', { skip }, async t => {
  const page = await open(t)
  await page.waitForLoadState('networkidle')
  /** Holds the next request for a page of a feed. A refresh asks for what is new since a moment ago, a next page for older ones. */
  const holdNext = (since = 0) => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    const { promise: asked, resolve: ask } = Promise.withResolvers<Request>()
    const hold = page.route(
      ({ pathname, searchParams }) => pathname.endsWith('/v1_0/articles') && Number(searchParams.get('timestamp')) >= since,
      async route => {
        ask(route.request())
        await held
        await route.continue().catch(() => {}) // the page may have given it up
      },
      { times: 1 },
    )
    return { hold, asked, release }
  }
  const next = holdNext()
  await next.hold
  await scrollTo(page, 1e6)
  await next.asked
  const [first] = await refresh(page)
  const count = await countAll(page)
  next.release()
  await scrollUntil(page, count + 1)
  assert.equal((await titles(page))[0], first)

  const late = holdNext(Date.now()) // not a next page, which the app gives up when the channel is left
  await late.hold
  await page.getByRole('button', { name: '刷新' }).click()
  const asked = await late.asked
  await page.getByRole('navigation', { name: '频道' }).getByRole('link', { name: '科技' }).click()
  await cards(page).locator('.channel').first().waitFor({ state: 'detached' }) // its feed comes after the strip has changed
  await cards(page).nth(9).waitFor()
  await waitForScroll(page, 0)
  await scrollTo(page, 700)
  late.release()
  await (await asked.response())?.finished()
  await settle(page)
  assert.equal(await page.evaluate('scrollY'), 700)
  page.assertNoComplaints()
})

test('a reader who signs out while their token is renewed stays signed out, and their session ends', { skip }, async t => {
  const carol = await product.signIn('carol')
  const page = await openBrowserPage(t, product.url)
  const expired = JSON.stringify({ token: `${carol.token.slice(0, -4)}AAAA`, refresh_token: carol.refreshToken })
  await page.addInitScript(`localStorage.setItem('broadsheet.tokens', ${JSON.stringify(expired)})`)
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  await page.route('**/v1_0/authorizations', async route => {
    await held
    await route.continue()
  })
  await page.goto('/')
  await page.getByRole('button', { name: '我的账户' }).click()
  await page.getByRole('button', { name: '退出登录' }).click()
  await page.getByRole('button', { name: '登录' }).waitFor()
  release()
  await eventually(
    () => carol.get('/v1_0/user'),
    ({ status }) => status === 401,
  )
  assert.equal(await page.evaluate(`localStorage.getItem('broadsheet.tokens')`), null)
  page.assertNoComplaints(/status of 401/)
})

test('a reader whose code is wrong keeps what they typed; signed in they stay so after a reload and when the token expires, until they sign out', {
  skip,
}, async t => {
  const page = await open(t)
  const submit = () => page.locator('dialog button[type=submit]').click()
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByLabel('手机号').fill('1391111111')
  await submit()
  await page.getByText('请输入 11 位手机号').waitFor()
  await page.getByText('请输入 6 位验证码').waitFor()
  assert.equal(await page.evaluate('document.activeElement.type'), 'tel')
  await page.getByLabel('手机号').fill('13911111111')
  await page.getByLabel('验证码').fill('111111')
  await submit()
  await page.getByText('验证码不正确').waitFor()
  await page.getByRole('button', { name: '获取验证码' }).click()
  await page.getByRole('status').getByText('验证码已发送到 13911111111').waitFor()
  assert.equal(await page.getByText('验证码不正确').count(), 0)
  assert.equal(await page.getByLabel('手机号').inputValue(), '13911111111')
  await page.keyboard.press('Escape')
  assert.equal(await page.locator('dialog').isVisible(), false)
  const isClosed = () => page.evaluate<boolean>('history.state.isDialog !== true') // its entry of the history goes a moment later
  await eventually(isClosed, Boolean)

  await page.getByRole('button', { name: '登录' }).click()
  await page.getByLabel('手机号').fill('13911111111')
  await page.getByLabel('验证码').fill('246810')
  await submit()
  await noticed(page, '欢迎')
  await page.reload()
  await cards(page).first().waitFor()
  await page.getByRole('button', { name: '我的账户' }).waitFor()

  const tokens = await page.evaluate<{ token: string; refresh_token: string }>(`JSON.parse(localStorage['broadsheet.tokens'])`)
  const broken = { ...tokens, token: `${tokens.token.slice(0, -4)}AAAA` }
  await page.evaluate(`localStorage['broadsheet.tokens'] = '${JSON.stringify(broken)}'`)
  await page.goto(`/c/${tech}`)
  await cards(page).first().waitFor()
  await page.getByRole('button', { name: '我的账户' }).waitFor()
  assert.notEqual(await page.evaluate(`JSON.parse(localStorage['broadsheet.tokens']).token`), broken.token)
  await page.getByRole('button', { name: '我的账户' }).click()
  await page.getByRole('button', { name: '退出登录' }).click()
  await page.getByRole('button', { name: '登录' }).waitFor()
  await cards(page).first().waitFor()

  await page.evaluate(`localStorage['broadsheet.tokens'] = '${JSON.stringify({ ...broken, refresh_token: 'gone' })}'`)
  await page.goto('/')
  await page.getByRole('dialog', { name: '登录' }).waitFor()
  await cards(page).first().waitFor()
  page.assertNoComplaints(/status of 40[013]/)
})

test('the theme follows the system until the reader chooses one, and the choice lasts', { skip }, async t => {
  const page = await open(t, '/', { colorScheme: 'dark' })
  const paper = () => page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor')
  const dark = await paper()
  await page.getByRole('button', { name: '显示' }).click()
  const choose = (name: string) => page.getByRole('menuitemradio', { name }).click()
  await choose('浅色')
  const light = await paper()
  assert.notEqual(light, dark)
  await page.reload()
  assert.equal(await paper(), light)
  await page.emulateMedia({ colorScheme: 'light' })
  await page.getByRole('button', { name: '显示' }).click()
  await choose('深色')
  assert.equal(await paper(), dark)
  await choose('跟随系统')
  assert.equal(await paper(), light)
  page.assertNoComplaints()
})

test('a reader with only a keyboard goes through the feed, opens an article and goes on from there', { skip }, async t => {
  const page = await open(t)
  await page.locator('[role=feed][aria-busy=false]').waitFor()
  await cards(page).first().focus()
  const position = () => page.evaluate<string | null>(`document.activeElement.getAttribute('aria-posinset')`)
  assert.equal(await cards(page).first().getAttribute('aria-setsize'), '-1')
  for (let i = 0; i < 14; i++) {
    const next = cards(page).nth(i + 1)
    await next.waitFor() // the feed loads ahead
    await page.keyboard.press('PageDown')
  }
  assert.equal(await position(), '15')
  await page.keyboard.press('PageUp')
  assert.equal(await position(), '14')
  const box = await page.evaluate<number>('document.activeElement.getBoundingClientRect().top')
  assert.ok(box >= 48 && box < 120, 'the article is just below the strip of channels')
  await page.keyboard.press('Enter')
  await page.locator('.story .text p').waitFor()
  assert.equal(await page.evaluate('document.activeElement.tagName'), 'H1')
  await page.goBack()
  await cards(page).first().waitFor()
  assert.equal(await position(), '14')
  await page.keyboard.press('Control+Home')
  assert.equal(await page.evaluate('document.activeElement.textContent'), '推荐')
  page.assertNoComplaints()
})

test('on a phone 360 pixels wide nothing is cut off, and pulling down refreshes', { skip }, async t => {
  const page = await open(t, '/', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, locale: 'en-US' })
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360)
  const touch = (type: string, y: number) =>
    page.evaluate(
      `dispatchEvent(new TouchEvent('${type}', { touches: ${
        type === 'touchend' ? '[]' : `[new Touch({ identifier: 1, target: document.body, clientX: 180, clientY: ${y} })]`
      } }))`,
    )
  await touch('touchstart', 200)
  for (const y of [260, 320, 380]) await touch('touchmove', y)
  await touch('touchend', 380)
  await noticed(page, /new stor(y|ies)/)
  await page.goto(`/article/${ids[0]}`)
  await page.locator('.story .text p').waitFor()
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360)
  page.assertNoComplaints()
})

test('a reader whose request fails sees what happened and how to go on', { skip }, async t => {
  const page = await openBrowserPage(t, product.url)
  await page.route('**/v1_0/articles?*', route => route.fulfill({ status: 400, json: { message: 'no' } }))
  await page.goto('/c/2147483647')
  await page.getByText('没有这一页').waitFor()
  await page.unroute('**/v1_0/articles?*')
  await page.goto('/article/1')
  await page.getByText('文章不存在').waitFor()
  await page.getByRole('link', { name: '回到首页' }).click()
  await cards(page).first().waitFor()
  await page.context().setOffline(true)
  await page.getByText('当前离线').waitFor()
  await page.context().setOffline(false)
  await page.getByText('当前离线').waitFor({ state: 'detached' })
  await page.route('**/v1_0/articles?*', route => route.fulfill({ status: 503, json: { message: 'busy' } }))
  await page.getByRole('navigation', { name: '频道' }).getByRole('link', { name: '科技' }).click()
  await page.getByText('没有加载出来').waitFor()
  await page.unroute('**/v1_0/articles?*')
  await page.getByRole('button', { name: '再试一次' }).click()
  await cards(page).first().waitFor()
  page.assertNoComplaints(/status of (400|404|503)|ERR_INTERNET_DISCONNECTED/)
})

test('a text has the direction and the language of its own letters, whatever the language of the page', { skip }, async t => {
  const channel = await product.createChannel('عربي')
  const titles = ['مدينة لا تنام (iPhone 17)', '雨夜里的酸汤鱼', 'שלום, world', '東京の雨', '2026']
  const [arabic] = await product.publish(titles.map((title, i) => ({ channel, title, ageSeconds: i * 60 })))
  const html = '<p>مدينة <b>London</b></p><p>English first, ثم عربي</p><ol><li>שלום</li></ol><div dir="ltr"><p>عربي</p></div>'
  await product.db
    .updateTable('article_content')
    .set({ html })
    .where('article_id', '=', arabic as ArticleId)
    .execute()
  const page = await openBrowserPage(t, product.url)
  await page.goto(`/c/${channel}`)
  await cards(page).nth(4).waitFor()
  const read = (selector: string) =>
    page.evaluate(`[...document.querySelectorAll('${selector}')].map(e => [e.lang, getComputedStyle(e).direction].join(' '))`)
  assert.deepEqual(await read('.feed article h2'), ['ar rtl', 'zh-CN ltr', 'he rtl', 'ja ltr', ' ltr'])
  assert.deepEqual(await read('.channels nav a[aria-current]'), ['ar rtl'])
  await page.locator(`article[data-anchor="${arabic}"] h2 a`).click()
  await page.locator('.story .text ol').waitFor()
  assert.deepEqual(await read('.story h1'), ['ar rtl'])
  assert.deepEqual(await read('.story .text :is(p, ol)'), [' rtl', ' ltr', ' rtl', ' ltr'])
  assert.equal(await page.evaluate('getComputedStyle(document.documentElement).direction'), 'ltr')
  page.assertNoComplaints()
})
