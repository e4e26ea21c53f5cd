// A backup of a running installation, and what becomes of it on another machine: a folder and a database that are new.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { before, type TestContext, test } from 'node:test'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import pg from 'pg'
import { createApp } from '../../src/app/app.ts'
import { type FilesLocation, parseFilesUrl } from '../../src/base/files-url.ts'
import { silentLog } from '../../src/base/log.ts'
import { readConfig } from '../../src/config.ts'
import { FORMAT } from '../../src/engines/backup/manifest.ts'
import { LEFT_OUT, listFilledTables, listTables } from '../../src/engines/backup/tables.sql.ts'
import { createArchive } from '../../src/engines/backup/write-archive.ts'
import { openFiles } from '../../src/engines/files/open-files.ts'
import { cleanup } from '../support/cleanup.ts'
import { runCli } from '../support/cli.ts'
import { postgresUrl } from '../support/data-folder-processes.ts'
import { testDatabase } from '../support/database.ts'
import { fetchAnswer } from '../support/http-answer.ts'
import { formOf, jpegOf } from '../support/pictures.ts'
import { type Person, type Product, startProduct } from '../support/product.ts'
import { NO_S3, s3Url } from '../support/s3.ts'
import { createDataFolder, QUIET } from '../support/server-process.ts'
import { eventually } from '../support/waiting.ts'

let product: Product
let [alice, bob] = [] as unknown as [Person, Person]
let article: bigint
let photo: string
let folder: string
let archive: string

before(async () => {
  product = await startProduct({ alwaysEmbedded: true })
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-backup-'))
  cleanup(() => rm(folder, { recursive: true, force: true }))
  archive = join(folder, 'all.tar.zst')
  alice = await product.signIn('alice')
  bob = await product.signIn('bob')
  const channel = await product.createChannel('科技')
  const [first] = await product.publish([{ channel, author: bob.id, title: 'Tabs\tand \\ lines\nare kept' }])
  article = first as bigint
  await alice.post('/app/v1_0/article/likings', { target: article })
  await alice.post('/app/v1_0/user/followings', { target: bob.id })
  await alice.patch('/app/v1_0/user/profile', { real_name: '张三', id_number: '11010519491231002x' })
  await product.db.deleteFrom('group_permission').where('group_id', '=', 2).execute() // rows that migrations make, changed
  photo = (await alice.patch('/v1_0/user/photo', undefined, { body: formOf({ photo: await jpegOf(600, 600) }) })).body.data.photo
})

const cli = (env: Record<string, string>, ...words: string[]) => runCli(env, [...words, '--json'])
const backUp = () => cli({ DATABASE_URL: product.databaseUrl, DATA_DIR: product.dataDir }, 'backup', archive)

/** A digest of the rows of every table, as far as a backup has them. */
async function digestsOf(url: string, leaveOut: string[]): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const digests: Record<string, string> = {}
  for (const { name, columns } of await listTables(client)) {
    if (leaveOut.includes(name)) continue
    const rows = `select (row(${columns.map(column => `"${column}"`).join(', ')}))::text as r from "${name}"`
    digests[name] = (
      await client.query(`select count(*) || ' ' || coalesce(md5(string_agg(r, '' order by r)), '') as d from (${rows}) t`)
    ).rows[0].d
  }
  await client.end()
  return digests
}

test('a backup that is taken while bob comments becomes an installation with the same rows, pictures and sign-ins', async t => {
  const acknowledged: string[] = []
  let isSaved = false
  const comment = async () => {
    const { status, body } = await bob.post('/app/v1_0/comments', { target: article, content: `comment ${acknowledged.length}` })
    assert.equal(status, 201)
    acknowledged.push(String(body.data.com_id))
  }
  await comment()
  const commenting = (async () => {
    while (!isSaved) await comment()
  })()
  const before = acknowledged.length
  const saved = await backUp()
  isSaved = true
  await commenting
  assert.equal(saved.code, 0, saved.err)
  assert.equal((await stat(archive)).mode & 0o777, 0o600)

  const dataDir = await createDataFolder({ after: cleanup })
  const restored = await cli({ DATA_DIR: dataDir }, 'restore', archive)
  assert.equal(restored.code, 0, restored.err)
  assert.deepEqual([restored.json.rows, restored.json.files], [saved.json.rows, saved.json.files])
  const server = await createApp(readConfig({ ...QUIET, PORT: '0', GRPC_PORT: '0', DEMO: '0', DATA_DIR: dataDir }), { log: silentLog })
  t.after(() => server.close())
  const database = postgresUrl(dataDir)

  // Jobs and notices go on by themselves on both sides, at night also the training; visits and requests are written a moment later.
  const byJobs = ['notice', 'notice_fanout', 'job', 'job_run', 'milestone', 'trained_model']
  const moving = ['comment', ...byJobs, 'administrator', 'request_hour', 'visit']
  const [source, copy] = await Promise.all([digestsOf(product.databaseUrl, moving), digestsOf(database, moving)])
  assert.deepEqual(copy, source)
  assert.match(source.reader as string, /^[2-9] /)

  const as = (person: Person) => ({ headers: { authorization: `Bearer ${person.token}` } })
  const { body: comments } = await fetchAnswer(server.url, 'GET', `/v1_0/comments?type=a&source=${article}&limit=50`, undefined, as(alice))
  assert.ok(comments.data.total_count >= before && comments.data.total_count <= acknowledged.length)
  for (const { com_id } of comments.data.results) assert.ok(acknowledged.includes(String(com_id)))

  const own = await fetchAnswer(server.url, 'GET', '/v1_0/user', undefined, as(alice))
  assert.equal(own.status, 200, 'a token of before is valid')
  assert.equal(own.body.data.follow_count, 1)
  const refreshed = await fetchAnswer(
    server.url,
    'PUT',
    '/v1_0/authorizations',
    {},
    { headers: { authorization: `Bearer ${alice.refreshToken}` } },
  )
  assert.equal(refreshed.status, 201)
  const identity = await fetchAnswer(server.url, 'GET', '/v1/identity', undefined, as(alice))
  assert.equal(identity.body.data.real_name, '张三', 'with the key of before')
  const picture = (url: string) => fetch(url).then(async answer => Buffer.from(await answer.arrayBuffer()))
  assert.deepEqual(await picture(photo.replace(product.url, server.url)), await picture(photo))
  assert.equal((await fetchAnswer(server.url, 'GET', `/v1_0/articles/${article}`)).body.data.title, 'Tabs\tand \\ lines\nare kept')

  const { json: drift } = await cli({ DATABASE_URL: database, DATA_DIR: dataDir }, 'counters', 'drift')
  assert.equal(drift.drift, 0)
  const posted = await fetchAnswer(server.url, 'POST', '/v1_0/comments', { target: article, content: 'after it' }, as(alice))
  assert.equal(posted.status, 201)
  await eventually(
    () => fetchAnswer(server.url, 'GET', '/v1_0/search?q=Tabs'),
    ({ body }) => body.data.results.length === 1,
  )
})

test('pictures in a bucket are in the backup, and a restore brings them into another one', { skip: NO_S3 }, async t => {
  const [from, to] = [await s3Url(), await s3Url()]
  const env = { DATABASE_URL: product.databaseUrl, DATA_DIR: product.dataDir }
  assert.equal((await cli({ ...env, FILES_URL: from }, 'files', 'migrate', join(product.dataDir, 'files'), from)).code, 0)
  const inBucket = join(folder, 'bucket.tar.zst')
  const saved = await cli({ ...env, FILES_URL: from }, 'backup', inBucket)
  assert.equal(saved.code, 0, saved.err)
  const restored = await cli({ DATA_DIR: await createDataFolder({ after: cleanup }), FILES_URL: to }, 'restore', inBucket)
  assert.equal(restored.code, 0, restored.err)
  assert.ok(saved.json.files > 0)
  assert.equal(restored.json.files, saved.json.files)
  assert.deepEqual(await filesOf(t, to), await filesOf(t, from))
})

/** The digests of all files of a store. */
async function filesOf(t: TestContext, url: string): Promise<Record<string, string>> {
  const store = await openFiles(parseFilesUrl(url) as FilesLocation, Date.now)
  t.after(() => store.close())
  const digests: Record<string, string> = {}
  for await (const { key } of store.list())
    digests[key] = createHash('sha256')
      .update(await buffer((await store.read(key)) as Readable))
      .digest('hex')
  return digests
}

/** The restore fails, and the folder it was meant for does not exist afterwards. */
async function assertRefused(bytes: Buffer, message: RegExp): Promise<void> {
  const file = join(folder, 'broken.tar.zst')
  await writeFile(file, bytes)
  const dataDir = join(folder, 'nowhere')
  const { code, err } = await cli({ DATA_DIR: dataDir }, 'restore', file)
  assert.equal(code, 1)
  assert.match(err, message)
  assert.ok(!existsSync(dataDir))
}

test('an archive that was cut, changed or is none is refused, and nothing is written', async () => {
  assert.equal((await backUp()).code, 0)
  const bytes = await readFile(archive)
  const tar = zstdDecompressSync(bytes)
  const changed = Buffer.from(tar)
  const place = changed.indexOf('comment 0')
  assert.ok(place > 0)
  changed[place + 8] = '7'.charCodeAt(0)
  const flipped = Buffer.from(bytes)
  flipped[bytes.length >> 1] = (flipped[bytes.length >> 1] as number) ^ 1
  await assertRefused(bytes.subarray(0, bytes.length - 1), /no whole backup, and nothing was restored/)
  await assertRefused(bytes.subarray(0, bytes.length >> 1), /no whole backup/)
  await assertRefused(flipped, /no whole backup/)
  await assertRefused(zstdCompressSync(changed), /it was changed: rows\/comment/)
  await assertRefused(zstdCompressSync(tar.subarray(0, tar.lastIndexOf('manifest.json\0'))), /it has no manifest/)
  await assertRefused(zstdCompressSync(tar.subarray(0, tar.lastIndexOf('manifest.json.sha256\0'))), /it has no hash of its manifest/)
  const otherManifest = Buffer.from(tar)
  otherManifest.write('1', otherManifest.lastIndexOf('"created_at": "') + '"created_at": "'.length)
  await assertRefused(zstdCompressSync(otherManifest), /its manifest was changed/)
  await assertRefused(Buffer.concat([bytes, Buffer.from('x')]), /no whole backup/)
  await assertRefused(Buffer.from('no archive at all'), /no whole backup/)
  await assertRefused(Buffer.alloc(0), /no whole backup/)
})

test('an archive with keys of other names or sizes is refused, and nothing is written', async () => {
  await assertRefused(await archiveWithKey('constructor', 'x'), /this version knows no key constructor/)
  await assertRefused(await archiveWithKey('token-key', 'x'.repeat(64 * 1024 + 1)), /its keys\/token-key is too large/)
})

async function archiveWithKey(name: string, secret: string): Promise<Buffer> {
  const file = join(folder, 'key.tar.zst')
  const writer = createArchive(file, new AbortController().signal)
  await writer.add(`keys/${name}`, secret.length, [Buffer.from(secret)])
  const content = { migrations: [], tables: [], sequences: {}, ids_until_ms: 0, keys: [name], files: { count: 0, bytes: 0 } }
  await writer.finish({ format: FORMAT, version: 'test', created_at: new Date(0).toISOString(), ...content })
  return readFile(file)
}

test('a backup does not write to a file that was there before it', async () => {
  const guessed = join(folder, `key.tar.zst.${process.pid}.part`)
  await writeFile(guessed, "mallory's")
  await archiveWithKey('token-key', 'x')
  assert.equal(await readFile(guessed, 'utf8').catch(() => 'taken'), "mallory's")
})

test('an installation that has rows, a running server or other keys is left as it is', async () => {
  assert.equal((await backUp()).code, 0)
  const client = new pg.Client({ connectionString: product.databaseUrl })
  await client.connect()
  await client.query('delete from migration where name = (select max(name) from migration)') // as if it were of an older version
  const before = (await client.query('select name from migration')).rows
  const running = await cli({ DATABASE_URL: product.databaseUrl, DATA_DIR: join(folder, 'other') }, 'restore', archive)
  assert.deepEqual([running.code, running.err], [1, 'a server or a command uses this database: stop it first\n'])
  const otherKey = await cli({ DATA_DIR: join(folder, 'third'), TOKEN_KEY: 'x'.repeat(32) }, 'restore', archive)
  assert.match(otherKey.err, /TOKEN_KEY is another key than the backup's/)
  await product.app.close()
  const filled = await cli({ DATABASE_URL: product.databaseUrl, DATA_DIR: join(folder, 'other') }, 'restore', archive)
  assert.match(filled.err, /the database is not empty \(.*reader/)
  assert.deepEqual((await client.query('select name from migration')).rows, before, 'nothing was migrated')
  await client.end()
})

test('every table that migrations fill is left out of a backup or replaced by a restore', async () => {
  const client = new pg.Client({ connectionString: (await testDatabase()).url })
  await client.connect()
  const filled = await listFilledTables(
    client,
    (await listTables(client)).map(({ name }) => name),
  )
  await client.end()
  assert.deepEqual(filled, [])
})

test('every table that a backup leaves out exists', async () => {
  const client = new pg.Client({ connectionString: product.databaseUrl })
  await client.connect()
  const { rows } = await client.query("select tablename from pg_tables where schemaname = 'public'")
  await client.end()
  const names = new Set(rows.map(row => row.tablename))
  assert.deepEqual(
    Object.keys(LEFT_OUT).filter(name => !names.has(name)),
    [],
  )
})
