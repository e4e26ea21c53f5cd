import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, test } from 'node:test'
import sharp from 'sharp'
import { ADMIN_PASSWORD, ALL_GROUP, addAdministrator, signInAdministrator } from '../support/office.ts'
import { formOf, jpegOf } from '../support/pictures.ts'
import { type Person, type Product, SETTING } from '../support/product.ts'
import { useSharedProduct } from '../support/shared-product.ts'

let product: Product
let [alice, mallory] = [] as unknown as [Person, Person]
let admin: { authorization: string }
const NUMBER = '11010519491231002x'

before(async () => {
  product = await useSharedProduct()
  alice = await product.signIn('alice')
  mallory = await product.signIn('mallory')
  const { body } = await product.request('POST', '/mis/v1_0/authorizations', { account: 'editor', password: ADMIN_PASSWORD })
  admin = { authorization: `Bearer ${body.data.token}` }
})

const views = () =>
  product.db
    .selectFrom('identity_view')
    .select(['reader_id', 'picture', 'viewer_kind', 'administrator_name'])
    .where('reader_id', '=', alice.id)
    .orderBy('id')
    .execute()

test('identity pictures are shown to their owner and to administrators only, and each view is recorded', async () => {
  const form = formOf({ id_card_front: await jpegOf(120, 80), id_card_back: await jpegOf(80, 80) })
  const sent = await alice.patch('/v1_0/user/photo', undefined, { body: form })
  assert.equal(sent.status, 201, sent.text)
  assert.match(sent.body.data.id_card_front, /\/v1\/identity\/id_card_front$/)
  assert.equal('photo' in sent.body.data, false)

  const own = await fetch(sent.body.data.id_card_front, { headers: { authorization: `Bearer ${alice.token}` } })
  assert.equal((await sharp(Buffer.from(await own.arrayBuffer())).metadata()).width, 120)
  assert.equal(own.headers.get('cache-control'), 'no-store')
  const path = `/v1/admin/readers/${alice.id}/identity/id_card_back`
  const byAdmin = await product.request('GET', path, undefined, { headers: admin })
  assert.deepEqual([byAdmin.status, byAdmin.headers.get('content-type')], [200, 'image/jpeg'])
  assert.deepEqual(await views(), [
    { reader_id: alice.id, picture: 'id_card_front', viewer_kind: 'reader', administrator_name: null },
    { reader_id: alice.id, picture: 'id_card_back', viewer_kind: 'administrator', administrator_name: 'editor' },
  ])

  const bearer = { authorization: `Bearer ${mallory.token}` }
  assert.equal((await product.request('GET', path, undefined, { headers: bearer })).status, 401)
  assert.equal((await product.request('GET', '/v1/identity/id_card_front')).status, 401)
  assert.equal((await mallory.get('/v1/identity/id_card_front')).status, 404, 'mallory sent none')
  assert.equal((await alice.get('/v1/identity/photo')).status, 404)
  const { name } = await product.db.selectFrom('stored_file').select('name').where('private', '=', true).limit(1).executeTakeFirstOrThrow()
  assert.equal((await product.request('GET', `/files/${name}`)).status, 404, 'they have no public address')
  assert.equal((await views()).length, 2)

  const snoop = await addAdministrator(product, 'snoop', ALL_GROUP).then(() => signInAdministrator(product, 'snoop'))
  assert.equal((await snoop.get(path)).status, 200)
  assert.equal((await product.request('DELETE', `/mis/v1_0/administrators/${snoop.id}`, undefined, { headers: admin })).status, 204)
  const left = { reader_id: alice.id, picture: 'id_card_back', viewer_kind: 'administrator', administrator_name: 'snoop' }
  assert.deepEqual((await views()).at(-1), left, 'who has been deleted has looked all the same')
})

test('identity pictures, names and numbers are encrypted where they are kept', async () => {
  const front = (await jpegOf(100, 70)).toString('base64')
  const { status, body, text } = await alice.patch('/v1_0/user/profile', {
    real_name: '王小明',
    id_number: NUMBER,
    id_card_handheld: front,
  })
  assert.equal(status, 201, text)
  assert.deepEqual([body.data.real_name, body.data.id_number], ['王小明', NUMBER.toUpperCase()])
  const row = await product.db.selectFrom('identity').selectAll().where('reader_id', '=', alice.id).executeTakeFirstOrThrow()
  for (const sealed of [row.real_name, row.id_number]) {
    assert.ok(sealed && sealed.length > 30)
    assert.ok(!sealed.includes('王小明') && !sealed.includes('1101'))
  }
  assert.ok(row.id_card_front && row.id_card_back && row.id_card_handheld, 'what was sent earlier stays')
  if (SETTING === 'cluster') return // the files are in the cluster's folder
  const folder = join(product.dataDir, 'files', 'identity')
  const names = (await readdir(folder, { recursive: true })).filter(name => name.endsWith('.sealed'))
  assert.ok(names.length >= 3)
  for (const name of names) {
    const bytes = await readFile(join(folder, name))
    assert.equal(bytes.indexOf(Buffer.from('ffd8ff', 'hex')), -1, 'no JPEG begins in it')
  }
})

test('an identity number or a name that cannot be one is refused, and nothing is changed', async () => {
  for (const id_number of ['1', '110105194912310021000', '11010519491231002Y', '']) {
    const { status, body } = await alice.patch('/v1_0/user/profile', { id_number, intro: 'changed' })
    assert.deepEqual([status, body.message.startsWith('id_number must be')], [400, true], id_number)
  }
  assert.equal((await alice.patch('/v1_0/user/profile', { real_name: ' ' })).status, 400)
  assert.notEqual((await alice.get('/v1_0/user')).body.data.intro, 'changed')
})

test('a change with a picture that is none, or a name that is taken, changes nothing', async () => {
  const noPicture = Buffer.from('no picture').toString('base64')
  assert.equal((await mallory.patch('/v1_0/user/profile', { name: '新名', id_card_front: noPicture })).status, 400)
  const alicesName = (await alice.get('/v1_0/user')).body.data.name
  const proof = { real_name: '李四', id_number: NUMBER }
  assert.equal((await mallory.patch('/v1_0/user/profile', { name: alicesName, intro: 'changed', ...proof })).status, 409)
  const { name, intro } = (await mallory.get('/v1_0/user')).body.data
  assert.deepEqual([name === '新名', intro], [false, ''])
  assert.equal((await mallory.get('/v1/identity')).status, 404)
})

test('who changes their identity applies anew: what an administrator has not seen is not approved', async () => {
  const office = await signInAdministrator(product)
  const apply = (real_name: string) => mallory.patch('/v1_0/user/profile', { real_name, id_number: NUMBER })
  const waiting = async () => (await office.get('/mis/v1_0/legalizes?status=1')).body.data.legalizes.at(-1).legalize_id
  const decide = async (id: unknown) => (await office.put('/mis/v1_0/legalizes', { legalize_ids: [String(id)], status: 2 })).body.data.count
  assert.equal((await apply('李四')).status, 201)
  const seen = await waiting()
  assert.equal((await apply('王五')).status, 201)
  assert.equal(await decide(seen), 0)
  assert.equal(await decide(await waiting()), 1)
  assert.equal((await apply('赵六')).status, 201)
  assert.notEqual(await waiting(), seen, 'a verified reader is looked at again')
})
