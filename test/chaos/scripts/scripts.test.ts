// Scripts in everything that people write. Clients insert an article's text into a page of their own, which has no content
// security policy; titles, names and comments they show as text. Files get names of ours.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { ArticleId, ChannelId, CommentId, ReaderId } from '../../../src/base/id.ts'
import { createSnowflake } from '../../../src/base/snowflake.ts'
import { insertArticles } from '../../../src/features/writing/writing.sql.ts'
import { SAVE_LIMIT } from '../../../src/features/writing/writing.ts'
import { type BrowserPage, goWithin, NO_BROWSER, openBrowserPage, startWithWebApp } from '../../browser/browser.ts'
import { SIZE } from '../../support/chaos-size.ts'
import { editorOf } from '../../support/editor.ts'
import { jpegOf } from '../../support/pictures.ts'
import type { Product } from '../../support/product.ts'
import { retryUntilDone } from '../../support/waiting.ts'
import { PAYLOADS } from './payloads.ts'

const EVERY = { smoke: 41, full: 1 }[SIZE] // shares no factor with the ten forms, so ways and forms take turns
const SHOWN_EVERY = { smoke: 6, full: 5 }[SIZE] // of those written: our own pages insert the same text, cleaned twice
/** For pictures and frames that do not load. */
const SETTLE_MS = 20
/** Uploads of one address are limited. */
const FILES_MAX = 10
/** Of imported titles, in characters. */
const TITLE_MAX = 256
const NAME_MAX = 32
const PAYLOADS_USED = PAYLOADS.filter((_, i) => i % EVERY === 0)

/** As much of a payload as a name may have. Some payloads begin alike. */
const nameOf = (payload: string, i: number) =>
  [...payload.replaceAll(/\s+/g, ' ')]
    .slice(0, NAME_MAX - 5)
    .join('')
    .trim() + ` ${i}`

const ARTICLE = {
  cover: [],
  keywords: [],
  status: 2,
  allow_comment: true,
  source_id: null,
  published_at: new Date(Date.now() - 60_000).toISOString(),
  html: '<p>红土</p>',
  fingerprint: null,
}

/** Inserts each text, and does to every element what a visitor could. Resolves to the numbers of those that ran a script. */
async function textsThatRun(page: BrowserPage, texts: string[]): Promise<number[]> {
  const found = new Set<number>()
  const open = async () => {
    await retryUntilDone(() => page.goto('about:blank')) // a payload may still be leaving the page
    await page.evaluate('globalThis.ran = () => { globalThis.hasRun = true }')
  }
  await open()
  for (const [i, text] of texts.entries()) {
    const hasRun = page.evaluate<boolean>(`(async () => {
      globalThis.hasRun = false
      const place = document.createElement('div')
      document.body.replaceChildren(place)
      place.innerHTML = ${JSON.stringify(text)}
      for (const element of place.querySelectorAll('*')) {
        for (const kind of ['mouseover', 'focus', 'toggle']) element.dispatchEvent(new Event(kind))
        element.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))
      }
      await new Promise(resolve => setTimeout(resolve, ${SETTLE_MS}))
      return hasRun
    })()`)
    const left = Symbol()
    const result = await hasRun.catch(() => left)
    if (result === left)
      await open() // an ordinary link leads elsewhere
    else if (result) found.add(i)
  }
  return [...found]
}

let product: Product
let channel: ChannelId
before(async () => {
  product = await startWithWebApp()
  channel = await product.createChannel('科技')
})

test('no script in a whole title or in the name of a person runs in a page that shows it', { skip: NO_BROWSER }, async t => {
  const carol = await product.signIn('carol')
  const newId = createSnowflake({ worker: 1_000, clock: Date.now })
  // Titles and names that were imported may be long enough for a whole script; what people type themselves is shorter.
  // Chinese titles take another way to the screen, as HTML with the places where a line may break.
  const people = PAYLOADS_USED.map((payload, i) => ({ id: newId() as ReaderId, name: nameOf(payload, i) }))
  await product.db.insertInto('reader').values(people).execute()
  const articles = PAYLOADS_USED.flatMap((payload, i) => {
    const title = `第 ${i} 个标题 ${payload}`.replaceAll(/\s+/g, ' ')
    const author = i % 2 === 0 ? people[i]?.id : carol.id
    return title.length <= TITLE_MAX ? [{ ...ARTICLE, id: String(newId()), author_id: String(author), channel_id: channel, title }] : []
  })
  t.diagnostic(`${articles.length} whole titles, ${people.length} names`)
  assert.ok(articles.length > PAYLOADS_USED.length * 0.9)
  assert.equal(await insertArticles(product.db, 'import', articles), articles.length)
  const [first] = articles
  const comments = people.map(({ id }) => ({
    id: newId() as CommentId,
    article_id: BigInt(first?.id ?? 0) as ArticleId,
    author_id: id,
    content: '好',
  }))
  await product.db.insertInto('comment').values(comments).execute()
  await product.waitForCatalogue()

  const page = await openBrowserPage(t, product.url)
  const tokens = JSON.stringify({ token: carol.token, refresh_token: carol.refreshToken })
  await page.addInitScript('globalThis.scripts = 0, globalThis.ran = () => void scripts++')
  await page.addInitScript(`localStorage.setItem('broadsheet.tokens', ${JSON.stringify(tokens)})`)
  const assertNothingRan = async (selector: string, texts: string[]) => {
    const shown = page.locator(selector).filter({ hasText: '<' })
    await shown.first().waitFor()
    await shown.evaluateAll(elements => {
      for (const element of elements as { scrollIntoView(): void; dispatchEvent(event: Event): void }[]) {
        element.scrollIntoView()
        for (const kind of ['mouseover', 'focus']) element.dispatchEvent(new Event(kind, { bubbles: true }))
      }
    })
    await page.waitForTimeout(SETTLE_MS)
    assert.equal(await page.evaluate('scripts'), 0, page.url())
    const content = (await page.locator('body').innerText()).replaceAll(/\s+/g, ' ')
    assert.ok(
      texts.some(text => content.includes(text)),
      `${page.url()} shows none of them as it is written`,
    )
  }
  const titles = articles.map(({ title }) => title)
  const names = people.map(({ name }) => name)
  await page.goto('/')
  await assertNothingRan('h2, h3, a', titles)
  await page.goto(`/article/${first?.id}`)
  await assertNothingRan('h1', titles)
  await assertNothingRan('li', names)
  // The page that the server sends is the same for every article.
  for (const { id, title } of articles.filter((_, i) => i % SHOWN_EVERY === 0)) {
    await goWithin(page, `/article/${id}`)
    await page.locator('h1', { hasText: /^第 \d+ 个标题/.exec(title)?.[0] }).waitFor()
    await assertNothingRan('h1', titles)
  }
  await page.goto(`/author/${first?.author_id}`)
  await assertNothingRan('h1, h2', names)
  await page.goto(`/search?q=${encodeURIComponent('script')}`)
  await assertNothingRan('h2, h3, a', titles)
  await page.goto('/studio/')
  await assertNothingRan('.articles h2', titles)
  page.assertNoComplaints(/Failed to load resource|status of 40|ERR_/)
})

test('no script in a title, text, comment or query runs in a page that shows it', { skip: NO_BROWSER }, async t => {
  const carol = await product.signIn('carol')
  const mallory = await product.signIn('mallory')
  const editor = editorOf(product)
  const page = await openBrowserPage(t, product.url)
  const running = await textsThatRun(page, PAYLOADS_USED)
  t.diagnostic(`${running.length} of ${PAYLOADS_USED.length} run when inserted as they are`)
  assert.ok(running.length > PAYLOADS_USED.length / 4, 'too few of the payloads do anything')

  const ids: string[] = []
  const texts: string[] = []
  let writer = mallory
  for (const [i, payload] of PAYLOADS_USED.entries()) {
    if (i > 0 && i % SAVE_LIMIT.points === 0) writer = await product.signIn('mallory', String(13_900_000_000 + i))
    const title = `${[...payload].slice(0, 25).join('')} 的标题`
    const draft = { title, content: `<p>开头</p>${payload}<p>结尾</p>`, cover: { type: 0, images: [] }, channel_id: channel }
    const { status, body } = await writer.post('/v1_0/mp/articles', draft)
    assert.equal(status, 201, JSON.stringify(body))
    await editor.decide(BigInt(body.data.id) as ArticleId, 'approve')
    const article = await carol.get(`/v1_0/articles/${body.data.id}`)
    texts.push(article.body.data.content)
    ids.push(body.data.id)
  }
  assert.deepEqual(await textsThatRun(page, texts), [])
  page.assertNoComplaints(/./) // what the payloads caused there

  const shown = ids.filter((_, i) => i % SHOWN_EVERY === 0)
  const [first = ''] = shown
  /** Not by its text: an element that a payload leaves open may hide that. */
  const show = (id: string, screen: string) =>
    Promise.all([
      page.waitForResponse(answer => answer.url().endsWith(`/articles/${id}`)),
      page.evaluate(`history.pushState({ key: '${id}', depth: 1 }, '', '${screen}${id}')`),
    ])
  for (const payload of PAYLOADS_USED) await mallory.post('/v1_0/comments', { target: first, content: payload })
  const tokens = JSON.stringify({ token: mallory.token, refresh_token: mallory.refreshToken })
  await page.addInitScript('globalThis.scripts = 0, globalThis.ran = () => void scripts++')
  await page.addInitScript(`if (location.protocol === 'http:') localStorage.setItem('broadsheet.tokens', ${JSON.stringify(tokens)})`)
  await page.goto(`/search?q=${encodeURIComponent(PAYLOADS_USED[2] as string)}`)
  for (const id of shown) await show(id, '/article/')
  await page.locator('.text').waitFor()
  assert.equal(await page.evaluate('scripts'), 0)
  await page.goto(`/studio/comments/${first}`)
  await page.locator('.comments li').first().waitFor()
  for (const id of shown) await show(id, '/studio/write/')
  await page.getByRole('textbox', { name: '正文' }).waitFor()
  assert.equal(await page.evaluate('scripts'), 0)
  page.assertNoComplaints(/Failed to load resource|status of 40|ERR_/)
})

test('a file keeps nothing of the name or the form that its sender gave it', async () => {
  const send = (bytes: Uint8Array<ArrayBuffer> | string, name: string, type: string) => {
    const form = new FormData()
    form.append('image', new Blob([bytes], { type }), name)
    return product.request('POST', '/v1_0/upload', undefined, { body: form })
  }
  const picture = new Uint8Array(await jpegOf(60, 40))
  for (const payload of PAYLOADS_USED.slice(0, FILES_MAX)) {
    const { status, body } = await send(picture, `${payload}.svg`, 'image/svg+xml')
    assert.equal(status, 201)
    assert.match(body.data.url, /\/files\/[\w-]+\.jpg$/)
    const drawing = await send(`<svg xmlns="http://www.w3.org/2000/svg">${payload}</svg>`, 'a.jpg', 'image/jpeg')
    assert.equal(drawing.status, 400)
  }
})
