// Sessions, mobile number and data of a reader in a real browser.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { before, test } from 'node:test'
import type { Person, Product } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'
import { type BrowserPage, NO_BROWSER, openBrowserPage, type PageOwner, startWithWebApp } from './browser.ts'

const skip = NO_BROWSER
let product: Product

before(async () => {
  if (skip) return
  product = await startWithWebApp()
  await product.createChannel('科技')
})

async function openSecurity(owner: PageOwner, { token, refreshToken }: Person): Promise<BrowserPage> {
  const page = await openBrowserPage(owner, product.url)
  await page.goto('/')
  const tokens = JSON.stringify({ token, refresh_token: refreshToken })
  await page.evaluate(`localStorage.setItem('broadsheet.tokens', ${JSON.stringify(tokens)})`)
  await page.goto('/')
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
  await page.getByText('该设备已退出').waitFor()
  assert.equal((await renew(lost)).status, 403)
  await page.getByRole('button', { name: '退出所有设备' }).click()
  await isSignedOut(page)
  assert.equal((await renew(here)).status, 403)
  page.assertNoComplaints()
})

test('signing out ends the session on the server, too', { skip }, async t => {
  const alice = await product.signIn('alice')
  const page = await openSecurity(t, alice)
  await page.goto('/')
  await page.getByRole('button', { name: '我的账户' }).click()
  await page.getByRole('button', { name: '退出登录' }).click()
  await isSignedOut(page)
  await eventually(
    () => renew(alice),
    ({ status }) => status === 403,
  )
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
  await page.getByText('手机号已更换').waitFor()
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
