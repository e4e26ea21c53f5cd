// Pictures in an S3 store, and a store that is in trouble.

import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import sharp from 'sharp'
import { cleanup } from '../support/cleanup.ts'
import { formOf, jpegOf } from '../support/pictures.ts'
import { startProduct } from '../support/product.ts'
import { NO_S3, s3Url } from '../support/s3.ts'

test('a picture in a private bucket has the same address for ever, which leads to a temporary one', { skip: NO_S3 }, async () => {
  const product = await startProduct({ env: { FILES_URL: await s3Url() } })
  const alice = await product.signIn('alice')
  const form = formOf({ photo: await jpegOf(900, 600), id_card_front: await jpegOf(70, 70) })
  const { body, text } = await alice.patch('/v1_0/user/photo', undefined, { body: form })
  assert.match(body.data?.photo ?? text, new RegExp(`^${product.url}/files/`))

  const redirect = await fetch(`${body.data.photo}?w=360`, { redirect: 'manual' })
  assert.equal(redirect.status, 302)
  assert.match(redirect.headers.get('cache-control') ?? '', /^private, max-age=240$/)
  const target = redirect.headers.get('location') as string
  assert.match(target, /X-Amz-Signature=/)
  const picture = await fetch(target)
  assert.match(picture.headers.get('cache-control') ?? '', /immutable/)
  assert.equal((await sharp(Buffer.from(await picture.arrayBuffer())).metadata()).width, 360)

  const card = await fetch(`${product.url}/v1/identity/id_card_front`, { headers: { authorization: `Bearer ${alice.token}` } })
  assert.deepEqual([card.status, card.redirected, card.headers.get('cache-control')], [200, false, 'no-store'])

  await product.db.updateTable('stored_file').set({ banned: true }).execute()
  assert.equal((await fetch(body.data.photo)).status, 404)
})

/** A store that answers everything with an S3 error; */
async function openTroubledStore(): Promise<{ url: string; say(status: number, code: string): void }> {
  let [status, code] = [503, 'SlowDown']
  const server = createServer((request, answer) => {
    request.resume()
    answer.writeHead(status, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code></Error>`)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  cleanup(async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  })
  const say = (newStatus: number, newCode: string) => ([status, code] = [newStatus, newCode])
  return { url: `s3://key:secret@bucket?endpoint=http://127.0.0.1:${(server.address() as AddressInfo).port}`, say }
}

test('while the store is away, slow, full or refuses, an upload gets a clear 503 or 507, and nothing refers to it', async () => {
  const store = await openTroubledStore()
  const product = await startProduct({ env: { FILES_URL: store.url } })
  const channel = await product.createChannel('科技')
  await product.publish([{ channel }])
  const alice = await product.signIn('alice')
  const before = (await alice.get('/v1_0/user')).body.data.photo
  const form = formOf({ photo: await jpegOf(60, 60) })
  for (const [status, code, expected, message] of [
    [503, 'SlowDown', 503, /does not answer/],
    [500, 'InternalError', 503, /does not answer/],
    [507, 'InsufficientStorage', 507, /full or refuses/],
    [403, 'AccessDenied', 507, /full or refuses/],
    [404, 'NoSuchBucket', 507, /full or refuses/],
  ] as const) {
    store.say(status, code)
    const answer = await alice.patch('/v1_0/user/photo', undefined, { body: form })
    assert.equal(answer.status, expected, `${status} ${code}: ${answer.text}`)
    assert.match(answer.body.message, message)
    if (expected === 503) assert.ok(answer.headers.get('retry-after'))
  }
  assert.equal((await alice.get('/v1_0/user')).body.data.photo, before)
  assert.deepEqual(await product.db.selectFrom('stored_file').select('id').execute(), [])
  assert.equal((await alice.get('/v1_0/articles?channel_id=0&timestamp=1')).status, 200, 'everything else goes on')
})
