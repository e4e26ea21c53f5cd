import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import sharp from 'sharp'
import type { ArticleId } from '../../src/base/id.ts'
import { formOf, jpegOf } from '../support/pictures.ts'
import { type Answer, type Person, type Product, SETTING, startProduct } from '../support/product.ts'
import { useSharedProduct } from '../support/shared-product.ts'

let product: Product
let [alice, bob] = [] as unknown as [Person, Person]
let admin: { authorization: string }

before(async () => {
  product = await useSharedProduct()
  alice = await product.signIn('alice')
  bob = await product.signIn('bob')
  const { body } = await product.request('POST', '/mis/v1_0/authorizations', { account: 'editor', password: 'first1password' })
  admin = { authorization: `Bearer ${body.data.token}` }
})

// What the contract's admin API asks for.
const [DELETE, BAN, UNBAN] = [4, 5, 6]

const upload = (form: FormData): Promise<Answer> => product.request('POST', '/v1_0/upload', undefined, { body: form })
const uploadPicture = async (width = 800, height = 400): Promise<string> => {
  const { status, body, text } = await upload(formOf({ image: await jpegOf(width, height) }))
  assert.equal(status, 201, text)
  return body.data.url
}
const changePhoto = (person: Person, files: Record<string, Buffer | string>) =>
  person.patch('/v1_0/user/photo', undefined, { body: formOf(files) })
const runJob = async (name: string) => {
  const { body } = await product.request('POST', `/v1/admin/jobs/${name}/runs`, { wait: true }, { headers: admin })
  assert.equal(body.data.outcome, 'done', JSON.stringify(body))
  return body.data.report
}
const status = async (url: string) => (await fetch(url, { method: 'HEAD' })).status

test('a reader changes their photo, and everybody gets it', async () => {
  const answer = await changePhoto(alice, { photo: await jpegOf(800, 800) })
  assert.equal(answer.status, 201, answer.text)
  const { id, photo } = answer.body.data
  assert.equal(id, String(alice.id))
  assert.match(photo, /^http:\/\/.+\/files\/[0-9a-f]{32}\.jpg$/)
  for (const path of ['user', 'user/profile']) assert.equal((await alice.get(`/v1_0/${path}`)).body.data.photo, photo, path)
  await product.waitOnAllApis(`/v1_0/users/${alice.id}`, ({ body }) => body.data.photo === photo)
  const picture = await fetch(photo)
  assert.deepEqual([picture.status, picture.headers.get('content-type')], [200, 'image/jpeg'])
  assert.equal((await sharp(Buffer.from(await picture.arrayBuffer())).metadata()).width, 800)
})

test('a photo that is no picture, or sent as JSON by an old axios, is a 400', async () => {
  const notPictures: [() => Promise<Answer>, string][] = [
    [() => alice.patch('/app/v1_0/user/photo', { photo: {} }), 'JSON'],
    [() => alice.patch('/v1_0/user/photo', { photo: 'x' }), 'JSON text'],
    [() => alice.patch('/v1_0/user/photo'), 'nothing'],
    [() => changePhoto(alice, { photo: '[object Object]' }), 'a text field'],
    [() => changePhoto(alice, { other: Buffer.from('x') }), 'another field'],
    [() => changePhoto(alice, { photo: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') }), 'an SVG'],
    [() => changePhoto(alice, { photo: Buffer.alloc(0) }), 'an empty file'],
  ]
  for (const [send, what] of notPictures) {
    const { status, body } = await send()
    assert.deepEqual([status, body.message], [400, 'Invalid image.'], what)
  }
  const headers = { 'content-type': 'multipart/form-data' }
  const noBoundary = await alice.patch('/v1_0/user/photo', undefined, { body: 'x', headers })
  assert.deepEqual([noBoundary.status, noBoundary.body.message], [400, 'The form data cannot be read.'])
  const cutOff = await alice.patch('/v1_0/user/photo', undefined, {
    body: '--b\r\nContent-Disposition: form-data; name="photo"; filename="x"\r\n\r\nabc',
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
  })
  assert.equal(cutOff.status, 400, cutOff.text)
})

test('a profile takes its photo as base64, alone or as a data URL, and nothing is stored if a text is wrong', async () => {
  const base64 = (await jpegOf(64, 64)).toString('base64')
  for (const [path, photo] of [
    ['user/profile', base64],
    ['user', `data:image/jpeg;base64,${base64}`],
  ] as const) {
    const { status, body, text } = await bob.patch(`/app/v1_0/${path}`, { photo, intro: path })
    assert.equal(status, 201, text)
    assert.match(body.data.photo, /\/files\//)
    assert.deepEqual(Object.keys(body.data).toSorted(), ['id', 'intro', 'photo'])
  }
  const rows = () => product.db.selectFrom('stored_file').select('id').where('owner_id', '=', bob.id).execute()
  const before = (await rows()).length
  const wrong = await bob.patch('/v1_0/user/profile', { photo: base64, name: 'more than seven' })
  assert.equal(wrong.status, 400)
  assert.equal((await rows()).length, before)
  assert.equal((await bob.patch('/v1_0/user/profile', { photo: 'http://x/y.jpg' })).body.message, 'Invalid image.')
})

test('a picture has the width asked for, is kept by browsers for ever, and can be asked for in parts', async () => {
  const url = await uploadPicture(1_500, 300)
  for (const [query, width] of [
    ['', 1_500],
    ['?w=360', 360],
    ['?w=720', 720],
    ['?w=1280', 1_280],
  ] as const) {
    const answer = await fetch(url + query)
    assert.equal((await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).width, width, query)
    assert.equal(answer.headers.get('cache-control'), 'public, max-age=31536000, immutable')
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
    assert.match(answer.headers.get('content-security-policy') ?? '', /sandbox/)
  }
  for (const w of ['361', '2000', '0', '-1', 'x', '360&w=720']) assert.equal((await fetch(`${url}?w=${w}`)).status, 400, w)

  const whole = await fetch(url)
  const bytes = Buffer.from(await whole.arrayBuffer())
  const etag = whole.headers.get('etag') as string
  assert.notEqual(etag, (await fetch(`${url}?w=360`)).headers.get('etag'))
  assert.equal((await fetch(url, { headers: { 'if-none-match': `"x", W/${etag}` } })).status, 304)
  const part = await fetch(url, { headers: { range: 'bytes=10-19' } })
  assert.deepEqual([part.status, part.headers.get('content-range')], [206, `bytes 10-19/${bytes.length}`])
  assert.deepEqual(Buffer.from(await part.arrayBuffer()), bytes.subarray(10, 20))
  const last = await fetch(url, { headers: { range: 'bytes=-5', 'if-range': etag } })
  assert.deepEqual(Buffer.from(await last.arrayBuffer()), bytes.subarray(-5))
  const beyond = await fetch(url, { headers: { range: `bytes=${bytes.length}-` } })
  assert.deepEqual([beyond.status, beyond.headers.get('content-range')], [416, `bytes */${bytes.length}`])
  for (const headers of [{ range: 'bytes=0-1,3-4' }, { range: 'lines=1-2' }, { range: 'bytes=0-1', 'if-range': '"other"' }])
    assert.equal((await fetch(url, { headers })).status, 200)
})

test('a file that is banned, or deleted with its owner, is a 404 at once', async () => {
  const dora = await product.signIn('dora', '13600009001')
  const photo = (await changePhoto(dora, { photo: await jpegOf(50, 50) })).body.data.photo as string
  const name = photo.split('/').at(-1) as string
  assert.equal(await status(photo), 200)
  const setBanned = (banned: boolean) => product.db.updateTable('stored_file').set({ banned }).where('name', '=', name).execute()
  await setBanned(true)
  assert.equal(await status(photo), 404)
  assert.equal((await fetch(photo, { headers: { 'if-none-match': '*' } })).status, 404, 'although the browser has it')
  await setBanned(false)
  assert.equal(await status(photo), 200)
  await product.db.deleteFrom('reader').where('id', '=', dora.id).execute()
  assert.equal(await status(photo), 404)
  const queued = await product.db.selectFrom('file_removal').select('name').where('name', '=', name).execute()
  assert.equal(queued.length, 1)
})

test('the pictures of a banned article are a 404 at once, but for those that readers see elsewhere', async () => {
  const channel = await product.createChannel('摄影')
  const carol = await product.signInToStudio('carol')
  const [cover, inText, shared, photo] = [await uploadPicture(), await uploadPicture(), await uploadPicture(), await uploadPicture()]
  const material = (await carol.post('/mp/v1_0/user/images', undefined, { body: formOf({ image: await jpegOf(60, 60) }) })).body.data
  const [id] = await product.publish([
    { channel, cover: [cover, shared, photo] },
    { channel, cover: [shared] },
  ])
  const html = `<p><img src="${inText}"><img src="${material.url}"></p>`
  await product.db
    .updateTable('article_content')
    .set({ html })
    .where('article_id', '=', id as ArticleId)
    .execute()
  const path = photo.slice(photo.indexOf('files/'))
  await product.db.updateTable('reader').set({ photo: path }).where('id', '=', alice.id).execute()
  const decide = (decision: number) =>
    product.request('PUT', '/mis/v1_0/articles', { article_ids: [String(id)], status: decision }, { headers: admin })
  const statuses = () => Promise.all([cover, inText, material.url, shared, photo].map(status))
  assert.deepEqual(await statuses(), [200, 200, 200, 200, 200])
  assert.equal((await decide(BAN)).status, 201)
  assert.deepEqual(await statuses(), [404, 404, 404, 200, 200])
  assert.deepEqual((await carol.get('/mp/v1_0/user/images')).body.data.results, [])
  await decide(UNBAN)
  assert.deepEqual(await statuses(), [200, 200, 200, 200, 200])
  await decide(DELETE)
  assert.deepEqual(await statuses(), [404, 404, 404, 200, 200])
})

test('a file whose upload was interrupted before its row was complete is not served', async () => {
  const url = await uploadPicture()
  const setStored = (stored: boolean) =>
    product.db
      .updateTable('stored_file')
      .set({ stored })
      .where('name', '=', url.slice(url.lastIndexOf('/') + 1))
      .execute()
  await setStored(false)
  assert.equal(await status(url), 404)
  await setStored(true)
  assert.equal(await status(url), 200)
})

test('no other name is served', async () => {
  for (const name of ['x', 'x.jpg', `${'0'.repeat(32)}.jpg`, '..%2f..%2fpackage.json', '%00', 'a'.repeat(300), 'a%5cb'])
    assert.equal((await fetch(`${product.url}/files/${name}`, { headers: { accept: 'text/html' } })).status, 404, name)
  const folder = await fetch(`${product.url}/files/`, { headers: { accept: 'text/html' } })
  assert.equal(folder.status, 404)
})

test('a file that nothing refers to is deleted after a day, with its objects', async () => {
  const channel = await product.createChannel('美食')
  const [unused, cover, inText, photo] = [await uploadPicture(), await uploadPicture(), await uploadPicture(), await uploadPicture()]
  const [id] = await product.publish([{ channel, cover: [cover] }])
  await product.db
    .updateTable('article_content')
    .set({ html: `<p><img src="${inText}"></p>` })
    .where('article_id', '=', id as never)
    .execute()
  const path = (url: string) => url.slice(url.indexOf('files/'))
  await product.db
    .updateTable('reader')
    .set({ photo: path(photo) })
    .where('id', '=', bob.id)
    .execute()
  const age = (hours: number) =>
    sql`update stored_file set unused_since = unused_since - make_interval(hours => ${hours})`.execute(product.db)
  const served = async () => Promise.all([unused, cover, inText, photo].map(status))

  await age(23)
  await runJob('drop-files')
  assert.deepEqual(await served(), [200, 200, 200, 200])
  await age(2)
  await runJob('drop-files')
  assert.deepEqual(await served(), [404, 200, 200, 200])

  // A reference that goes starts another day.
  await product.db
    .updateTable('article')
    .set({ cover: [] })
    .where('id', '=', id as never)
    .execute()
  await product.db
    .updateTable('article_content')
    .set({ html: 'x' })
    .where('article_id', '=', id as never)
    .execute()
  await runJob('drop-files')
  assert.deepEqual(await served(), [404, 200, 200, 200])
  await age(25)
  await runJob('drop-files')
  assert.deepEqual(await served(), [404, 404, 404, 200])

  await sql`update file_removal set queued_at = queued_at - interval '10 minutes'`.execute(product.db)
  assert.ok((await runJob('drop-objects')).dropped >= 3)
  assert.deepEqual(await product.db.selectFrom('file_removal').select('name').execute(), [])
})

test('a creator uploads materials, which stay; a reader without verified identity may not', async () => {
  await product.db.updateTable('reader').set({ is_verified: true }).where('id', '=', alice.id).execute()
  const { body } = await product.request('POST', '/mp/v1_0/authorizations', { mobile: alice.mobile, code: '246810' })
  const headers = { authorization: `Bearer ${body.data.token}` }
  const send = async (sender: Record<string, string>) =>
    product.request('POST', '/mp/v1_0/user/images', undefined, { body: formOf({ image: await jpegOf(90, 90) }), headers: sender })
  const answer = await send(headers)
  assert.equal(answer.status, 201, answer.text)
  const { id, url } = answer.body.data
  assert.equal(typeof id, 'number')
  await sql`update stored_file set unused_since = unused_since - interval '2 days'`.execute(product.db)
  await runJob('drop-files')
  assert.equal(await status(url), 200)
  assert.equal((await send({ authorization: `Bearer ${bob.token}` })).status, 403)
})

test('a browser on another site uploads as antd does: a preflight, then the file without a token', async () => {
  const preflight = await fetch(`${product.url}/v1_0/upload`, {
    method: 'OPTIONS',
    headers: {
      origin: 'http://localhost:3000',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-requested-with',
    },
  })
  assert.equal(preflight.status, 204)
  assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /x-requested-with/i)
  const answer = await product.request('POST', '/v1_0/upload', undefined, {
    body: formOf({ image: await jpegOf(60, 60) }),
    headers: { origin: 'http://localhost:3000', 'x-requested-with': 'XMLHttpRequest' },
  })
  assert.equal(answer.headers.get('access-control-allow-origin'), '*')
  assert.match(answer.body.data.url, /\/files\//)
  const noFile = await upload(formOf({ file: await jpegOf(6, 6) }))
  assert.equal(noFile.status, 400)
})

test('a file that is too large is refused before it is read to its end', async () => {
  const answer = await upload(formOf({ image: Buffer.alloc(11 * 1024 * 1024) }))
  assert.deepEqual([answer.status, answer.body.message], [413, 'The file is too large.'])
  const tooMany = formOf(Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`f${i}`, Buffer.from('x')])))
  assert.equal((await upload(tooMany)).status, 400)
})

test('an operator may refuse uploads without a token; readers still upload', async () => {
  const closed = await startProduct({ env: { ANONYMOUS_UPLOAD: '0' }, alwaysEmbedded: true })
  const carol = await closed.signIn('carol')
  const body = formOf({ image: await jpegOf(20, 20) })
  assert.equal((await closed.request('POST', '/v1_0/upload', undefined, { body })).status, 401)
  assert.equal((await carol.post('/v1_0/upload', undefined, { body })).status, 201)
})

test('an anonymous address may upload sixty times an hour', {
  skip: SETTING === 'cleared' && 'without Redis, limits are counted in memory',
}, async () => {
  const form = formOf({ file: 'x' })
  const statuses = new Set<number>()
  for (let i = 0; i < 61; i++) statuses.add((await upload(form)).status)
  assert.deepEqual(statuses, new Set([400, 429]))
})

test('the API documentation says which fields of a form hold pictures', async () => {
  const { paths } = (await product.request('GET', '/openapi.json')).body
  const fieldsOf = (path: string, method: string) =>
    Object.keys(paths[path][method].requestBody.content['multipart/form-data'].schema.properties)
  assert.deepEqual(fieldsOf('/v1_0/upload', 'post'), ['image'])
  assert.deepEqual(fieldsOf('/app/v1_0/user/photo', 'patch'), ['photo', 'id_card_front', 'id_card_back', 'id_card_handheld'])
})
