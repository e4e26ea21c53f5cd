// Public clients sign in, change name and birthday, and renew an access token that has expired, unseen by their reader.

import assert from 'node:assert/strict'
import type { Page, Route } from 'playwright-core'
import { readSecret } from '../../src/app/secrets.ts'
import type { SessionId } from '../../src/base/id.ts'
import { openTokenKeys } from '../../src/engines/keys/token-keys.ts'
import { createReaderTokens } from '../../src/features/accounts/reader-tokens.ts'
import { openBrowserPage } from '../browser/browser.ts'
import type { Person, Product } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'
import { PHONE, testClient } from './client-build.ts'

const MOBILE = '13800000001' // alice's
const CODE = '246810'
const IN_FLIGHT = 5
const THREE_HOURS_MS = 3 * 3_600_000 // an access token lives for two

/** An access token of the same session, as it was issued three hours ago. */
async function expiredTokenOf(product: Product, { token, id }: Person): Promise<string> {
  const secret = (await readSecret(product.dataDir, 'token-key')) as string
  const keys = await openTokenKeys({ db: product.db, secret })
  const { sid } = JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString())
  const tokens = createReaderTokens({ keys, clock: () => Date.now() - THREE_HOURS_MS })
  return tokens.issueAccess({ readerId: id, sessionId: BigInt(sid) as SessionId, verified: false, generation: 0 })
}

/** Holds requests that bring the token until five are under way. Returns how many were then refused with 401. */
async function holdUntilFive(page: Page, token: string): Promise<() => number> {
  const held: Route[] = []
  let areReleased = false
  let refused = 0
  await page.route(/\/v1_[01]\//, async route => {
    if (route.request().headers().authorization !== `Bearer ${token}`) return route.continue()
    held.push(route)
    areReleased ||= held.length >= IN_FLIGHT
    if (areReleased) for (const one of held.splice(0)) void one.continue()
  })
  page.on('response', answer => (refused += answer.status() === 401 ? 1 : 0))
  return () => refused
}

const profileOf = async (person: Person) => (await person.get('/v1_0/user/profile')).body.data
const waitForProfile = (person: Person, isWanted: (profile: { name: string; birthday: string }) => boolean) =>
  eventually(() => profileOf(person), isWanted)

/** Bob's article with comments. Resolves to what alice has done with it, once it is all there. */
async function createArticle(product: Product, alice: Person) {
  const bob = await product.signIn('bob')
  const [id] = await product.publish([{ channel: await product.createChannel('科技'), author: bob.id, title: '火星' }])
  for (const content of ['一', '二']) await bob.post('/v1_0/comments', { target: id, content })
  const waitForAll = () =>
    eventually(
      async () => (await alice.get(`/v1_0/articles/${id}`)).body.data,
      ({ attitude, is_collected, is_followed }) => attitude === 1 && is_collected && is_followed,
    )
  return { id: String(id), waitForAll }
}

testClient('toutiao-m', 'toutiao-m signs in with a code, and its reader changes name and birthday', async (product, t) => {
  const page = await openBrowserPage(t, product.url, PHONE)
  await page.goto('/#/login?redirect=/user/profile')
  await page.getByPlaceholder('请输入手机号').fill(MOBILE)
  await page.getByPlaceholder('请输入验证码').fill(CODE)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.locator('.avatar img').waitFor()
  const alice = await product.signIn('alice')

  await page.locator('.van-cell', { hasText: '昵称' }).click()
  await page.getByPlaceholder('请输入昵称').fill('爱丽丝')
  await page.getByText('完成', { exact: true }).last().click()
  await waitForProfile(alice, ({ name }) => name === '爱丽丝')
  await page.locator('.van-cell', { hasText: '爱丽丝' }).waitFor()
  await page.locator('.intro-popup').waitFor({ state: 'hidden' })
  await page.locator('.van-cell', { hasText: '生日' }).click()
  await page.locator('.van-picker__confirm').click()
  const { birthday } = await waitForProfile(alice, profile => profile.birthday !== '')
  await page.locator('.van-cell', { hasText: birthday }).waitFor()
})

testClient('toutiao-m', 'toutiao-m renews an expired token while five requests are under way, and all five succeed', async (product, t) => {
  const alice = await product.signIn('alice')
  const { id, waitForAll } = await createArticle(product, alice)
  const page = await openBrowserPage(t, product.url, PHONE)
  const tokens = JSON.stringify({ token: alice.token, refresh_token: alice.refreshToken })
  await page.addInitScript(`localStorage.setItem('user', ${JSON.stringify(tokens)})`)
  await page.goto(`/#/article/${id}`)
  await page.locator('.like-container').nth(1).waitFor()
  const token = await expiredTokenOf(product, alice)
  const refused = await holdUntilFive(page, token)
  await page.evaluate(
    `document.querySelector('#app').__vue__.$store.commit('setUser', ${JSON.stringify({ token, refresh_token: alice.refreshToken })})`,
  )
  // Follow, collect, like, and both comments. The client shows a message over the page that would take the taps.
  await page.evaluate(
    `for (const each of document.querySelectorAll('.detail .van-button, .footer .van-icon:nth-child(n+3), .like-container .van-icon')) each.click()`,
  )
  await waitForAll()
  await eventually(
    async () => (await alice.get(`/v1_0/comments?type=a&source=${id}`)).body.data.results,
    results => results.every((comment: { is_liking: boolean }) => comment.is_liking),
  )
  assert.equal(refused(), IN_FLIGHT)
  assert.ok(page.url().includes('/article/'), 'nothing led to the sign-in')
})

testClient('geek-h5', 'geek-h5 signs in with a code, and its reader changes name and birthday', async (product, t) => {
  const page = await openBrowserPage(t, product.url, PHONE)
  await page.goto('/login')
  await page.getByPlaceholder('请输入用户名').fill(MOBILE)
  await page.getByPlaceholder('请输入验证码').fill(CODE)
  await page.getByRole('button', { name: '登录' }).click()
  await page.waitForURL('**/home')
  const alice = await product.signIn('alice')

  await page.goto('/profile/edit')
  await page.locator('.avatar-wrapper img').waitFor()
  await page.getByText('昵称').click()
  await page.locator('.edit-input-content input').fill('爱丽丝')
  await page.getByText('提交').click()
  await waitForProfile(alice, ({ name }) => name === '爱丽丝')
  await page.getByText('爱丽丝').waitFor()
  await page.getByText('生日').click()
  await page.getByText('确定').click()
  const { birthday } = await waitForProfile(alice, profile => profile.birthday !== '')
  await page.getByText(birthday).waitFor()
})

testClient('geek-h5', 'geek-h5 renews an expired token while five requests are under way, and all five succeed', async (product, t) => {
  const alice = await product.signIn('alice')
  const { id, waitForAll } = await createArticle(product, alice)
  const page = await openBrowserPage(t, product.url, PHONE)
  const tokens = JSON.stringify({ token: alice.token, refresh_token: alice.refreshToken })
  await page.addInitScript(`localStorage['geek-h5-token'] ??= ${JSON.stringify(tokens)}`)
  await page.goto(`/article/${id}`)
  await page.locator('.comment-list .comment-content, .comment-content').nth(1).waitFor()
  const token = await expiredTokenOf(product, alice)
  const refused = await holdUntilFive(page, token)
  await page.evaluate(`localStorage['geek-h5-token'] = ${JSON.stringify(JSON.stringify({ token, refresh_token: alice.refreshToken }))}`)
  // Follow, like and collect; the last two are tapped twice, which says the same again.
  await page.evaluate(`(() => {
    const tap = name => [...document.querySelectorAll('.action-item')].find(each => each.innerText.includes(name)).click()
    document.querySelector('.author .follow').click()
    for (const name of ['点赞', '收藏', '点赞', '收藏']) tap(name)
  })()`)
  await waitForAll()
  assert.equal(refused(), IN_FLIGHT)
  assert.ok(page.url().includes(`/article/${id}`), 'nothing led to the sign-in')
})
