// The reader's photo and announcements in a real browser.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import sharp from 'sharp'
import type { Product } from '../support/product.ts'
import { NO_BROWSER, openBrowserPage, startWithWebApp } from './browser.ts'

const skip = NO_BROWSER
let product: Product

before(async () => {
  if (skip) return
  product = await startWithWebApp()
  await product.createChannel('科技')
})

/** Left half red, right half blue. */
const twoColours = () =>
  sharp({ create: { width: 1_200, height: 600, channels: 3, background: '#d00' } })
    .composite([{ input: { create: { width: 600, height: 600, channels: 3, background: '#00d' } }, left: 600, top: 0 }])
    .png()
    .toBuffer()

test('a reader chooses a picture, crops it, and sees it as their photo', { skip }, async t => {
  const alice = await product.signIn('alice')
  const page = await openBrowserPage(t, product.url)
  const tokens = JSON.stringify({ token: alice.token, refresh_token: alice.refreshToken })
  await page.addInitScript(`localStorage.setItem('broadsheet.tokens', ${JSON.stringify(tokens)})`)
  await page.goto('/account/profile')
  await page.getByRole('link', { name: '更换头像' }).click()
  await page.getByRole('img', { name: '头像' }).waitFor()

  const input = page.locator('input[type=file]')
  await input.setInputFiles({ name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('no picture') })
  await page.getByText('这张图片读不出来').waitFor()
  await input.setInputFiles({ name: 'two.png', mimeType: 'image/png', buffer: await twoColours() })
  const stage = page.locator('.cropper')
  const box = await stage.boundingBox()
  assert.ok(box && box.width > 200)
  await page.locator('.cropper img').waitFor()
  // Pulled to the right, the square shows the left half.
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width / 2 + 400, box.y + box.height / 2, { steps: 5 })
  await page.mouse.up()
  await page.getByRole('button', { name: '使用这张' }).click()
  await page.getByText('头像已更换').waitFor()
  const { photo } = (await alice.get('/v1_0/user')).body.data
  const picture = sharp(Buffer.from(await (await fetch(photo)).arrayBuffer()))
  const { width, height } = await picture.metadata()
  assert.equal(width, height)
  const { dominant } = await picture.stats()
  assert.ok(dominant.r > 180 && dominant.b < 60, JSON.stringify(dominant))
  await page.locator(`.corner-buttons img[src="${photo}"]`).waitFor()
  page.assertNoComplaints(/Failed to load resource/)
})

test('a reader reads announcements, from the list and by a link', { skip }, async t => {
  await product.db
    .insertInto('announcement')
    .values(
      Array.from({ length: 12 }, (_, i) => ({
        id: BigInt(i + 1) as never,
        title: `公告 ${i + 1}`,
        html: `<p>第 ${i + 1} 条</p>`,
        published_at: new Date(i * 60_000),
      })),
    )
    .execute()
  const page = await openBrowserPage(t, product.url)
  await page.goto('/announcements')
  await page.locator('.announcements li').nth(9).waitFor()
  await page.getByRole('button', { name: '更早的' }).click()
  await page.locator('.announcements li').nth(11).waitFor()
  await page.getByRole('link', { name: '公告 12' }).click()
  await page.getByText('第 12 条').waitFor()
  await page.goto('/announcements/7')
  await page.getByRole('heading', { name: '公告 7' }).waitFor()
  page.assertNoComplaints()
  await page.goto('/announcements/999')
  await page.getByText('公告不存在').waitFor()
})
