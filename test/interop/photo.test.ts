// Public clients change their reader's photo, and see it.

import assert from 'node:assert/strict'
import sharp from 'sharp'
import { openBrowserPage } from '../browser/browser.ts'
import { jpegOf } from '../support/pictures.ts'
import type { Person, Product } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'
import { PHONE, testClient } from './client-build.ts'

const GREEN = { r: 30, g: 160, b: 60 }
const chosen = async () => ({ name: 'me.jpg', mimeType: 'image/jpeg', buffer: await jpegOf(500, 400, 'rgb(30, 160, 60)') })

const photoOf = async (person: Person): Promise<string> => (await person.get('/v1_0/user')).body.data.photo

/** Waits until the reader's photo is the uploaded one, and returns its address. */
async function waitForPhoto(product: Product, person: Person): Promise<string> {
  const photo = await eventually(
    () => photoOf(person),
    address => address.startsWith(`${product.url}/files/`),
  )
  const { dominant } = await sharp(Buffer.from(await (await fetch(photo)).arrayBuffer())).stats()
  for (const channel of ['r', 'g', 'b'] as const) assert.ok(Math.abs(dominant[channel] - GREEN[channel]) < 20, JSON.stringify(dominant))
  return photo
}

testClient('toutiao-m', "toutiao-m's reader chooses a picture, crops it, and sees it as their photo", async (product, t) => {
  const alice = await product.signIn('alice')
  const user = JSON.stringify({ token: alice.token, refresh_token: alice.refreshToken })
  const page = await openBrowserPage(t, product.url, PHONE)
  await page.addInitScript(`localStorage.setItem('user', ${JSON.stringify(user)})`)
  await page.goto('/#/user/profile')
  await page.locator('.avatar img').waitFor()
  await page.locator('input[type=file]').setInputFiles(await chosen())
  await page.locator('.cropper-crop-box').waitFor()
  await page.getByText('完成', { exact: true }).last().click()
  const photo = await waitForPhoto(product, alice)
  await page.goto('/#/my')
  await page.reload()
  await page.locator(`img[src="${photo}"]`).first().waitFor()
})

testClient('geek-h5', "geek-h5's reader chooses a picture and sees it as their photo", async (product, t) => {
  const alice = await product.signIn('alice')
  const token = JSON.stringify({ token: alice.token, refresh_token: alice.refreshToken })
  const page = await openBrowserPage(t, product.url, PHONE)
  await page.addInitScript(`localStorage.setItem('geek-h5-token', ${JSON.stringify(token)})`)
  await page.goto('/profile/edit')
  await page.locator('.avatar-wrapper img').waitFor()
  await page.locator('input[type=file]').setInputFiles(await chosen())
  await page.getByText('修改头像成功').waitFor()
  const photo = await waitForPhoto(product, alice)
  await page.locator(`.avatar-wrapper img[src="${photo}"]`).waitFor()
})
