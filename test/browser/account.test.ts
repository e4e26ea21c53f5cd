// A reader's account in a real browser: sessions, mobile number, data and photo; and announcements.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { before, test } from 'node:test'
import sharp from 'sharp'
import type { Person, Product } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'
import { type BrowserPage, NO_BROWSER, noticed, openBrowserPage, type PageOwner, startWithWebApp } from './browser.ts'

const skip = NO_BROWSER
let product: Product

before(async () => {
  if (skip) return
  product = await startWithWebApp()
  await product.createChannel('科技')
})

async function openSecurity(owner: PageOwner, { token, refreshToken }: Person): Promise<BrowserPage> {
  const page = await openBrowserPage(owner, product.url)
  const tokens = JSON.stringify({ token, refresh_token: refreshToken })
  const signIn = await page.addInitScript(`localStorage.setItem('broadsheet.tokens', ${JSON.stringify(tokens)})`)
  await page.goto('/')
  await signIn.dispose()
  await page.getByRole('button', { name: '我的账户' }).click()
  await page.getByRole('link', { name: '账户与安全' }).click()
  await page.getByText('当前设备').waitFor()
  return page
}
const isSignedOut = (page: BrowserPage) => page.getByRole('button', { name: '登录', exact: true }).first().waitFor()
const renew = ({ refreshToken }: Person) =>
  product.request('PUT', '/app/v1_0/authorizations', undefined, { headers: { authorization: `Bearer ${refreshToken}` } })
/** The number is free for another code at once. */
const forgetCodes = () => product.db.deleteFrom('sms_code').execute()

test('a reader ends another session, then all of them', { skip }, async t => {
  const [lost, here] = [await product.signIn('alice'), await product.signIn('alice')]
  const page = await openSecurity(t, here)
  await page.getByRole('button', { name: '退出', exact: true }).click()
  await noticed(page, '该设备已退出')
  assert.equal((await renew(lost)).status, 403)
  await page.getByRole('button', { name: '退出所有设备' }).click()
  await isSignedOut(page)
  assert.equal((await renew(here)).status, 403)
  page.assertNoComplaints()
})

test('a reader changes their number, downloads their data, and deletes their account', { skip }, async t => {
  const bob = await product.signIn('bob')
  await forgetCodes()
  const page = await openSecurity(t, bob)
  const mobile = page.getByRole('region', { name: '更换手机号' })
  await mobile.getByRole('button', { name: '获取验证码' }).first().click()
  await mobile.getByLabel('原手机号的验证码').fill('246810')
  await mobile.getByLabel('新手机号', { exact: true }).fill('13900002222')
  await mobile.getByLabel('新手机号的验证码').fill('246810')
  await mobile.getByRole('button', { name: '更换手机号' }).click()
  await noticed(page, '手机号已更换')
  const { mobile: stored } = await product.db.selectFrom('reader').select('mobile').where('id', '=', bob.id).executeTakeFirstOrThrow()
  assert.equal(stored, '13900002222')

  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: '下载我的数据' }).click()
  const data = JSON.parse(await readFile(await (await download).path(), 'utf8'))
  assert.match(JSON.stringify(data), /13900002222/)

  await page.locator('summary').click()
  const deletion = page.locator('details')
  await deletion.getByLabel('验证码').fill('246810')
  await deletion.getByRole('button', { name: '删除账户' }).click()
  await page.getByText('重新登录即可取消').last().waitFor()
  await isSignedOut(page)
  const { deletion_due_at } = await product.db.selectFrom('reader').selectAll().where('id', '=', bob.id).executeTakeFirstOrThrow()
  assert.ok(deletion_due_at && deletion_due_at > new Date())
  page.assertNoComplaints()
})

/** Left half red, right half blue. */
const twoColours = () =>
  sharp({ create: { width: 1_200, height: 600, channels: 3, background: '#d00' } })
    .composite([{ input: { create: { width: 600, height: 600, channels: 3, background: '#00d' } }, left: 600, top: 0 }])
    .png()
    .toBuffer()

test('a reader chooses a picture, crops it, sees it as their photo, and signs out, which ends the session on the server, too', {
  skip,
}, async t => {
  const carol = await product.signIn('carol')
  const page = await openBrowserPage(t, product.url)
  const tokens = JSON.stringify({ token: carol.token, refresh_token: carol.refreshToken })
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
  await noticed(page, '头像已更换')
  const { photo } = (await carol.get('/v1_0/user')).body.data
  const picture = sharp(Buffer.from(await (await fetch(photo)).arrayBuffer()))
  const { width, height } = await picture.metadata()
  assert.equal(width, height)
  const { dominant } = await picture.stats()
  assert.ok(dominant.r > 180 && dominant.b < 60, JSON.stringify(dominant))
  await page.locator(`.corner-buttons img[src="${photo}"]`).waitFor()
  await page.getByRole('button', { name: '我的账户' }).click()
  await page.getByRole('button', { name: '退出登录' }).click()
  await isSignedOut(page)
  await eventually(
    () => renew(carol),
    ({ status }) => status === 403,
  )
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
