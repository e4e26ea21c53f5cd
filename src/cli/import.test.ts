import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { after, beforeEach, test } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { testDatabase } from '../../test/support/database.ts'
import { silentLog } from '../base/log.ts'
import { createSnowflake } from '../base/snowflake.ts'
import { createIngest } from '../features/ingest/ingest.ts'
import { insertArticles } from '../features/writing/writing.sql.ts'
import { exportCommand } from './export.ts'
import { importCommand } from './import.ts'

const { db } = await testDatabase()
const folder = await mkdtemp(join(tmpdir(), 'broadsheet-import-'))
after(() => rm(folder, { recursive: true }))

beforeEach(async () => {
  for (const table of ['article', 'reader', 'channel'] as const) await db.deleteFrom(table).execute()
})

/** A stderr that records what is written. */
function fakeStderr(isTTY: boolean) {
  const seen = { text: '' }
  const stderr = Object.assign(
    new Writable({
      write(chunk, _encoding, done) {
        seen.text += chunk
        done()
      },
    }),
    { isTTY, columns: 80, cursorTo: () => true, clearLine: () => true, moveCursor: () => true },
  ) as unknown as NodeJS.WriteStream
  return { seen, stderr }
}

const needs = {
  db,
  newId: createSnowflake({ worker: 0, clock: Date.now }),
  log: silentLog,
  clock: Date.now,
  timeZone: 'Asia/Shanghai',
  sanitizeHtml: (html: string) => html,
  fingerprintOf: () => null,
  insertArticles,
}

const importLines = createIngest(needs).importArticles

async function importFile(name: string, content: string | Buffer, { dryRun = false, isTTY = false } = {}) {
  const { seen, stderr } = fakeStderr(isTTY)
  const file = join(folder, name)
  await writeFile(file, content)
  return { ...(await importCommand({ ...needs, importLines, file, dryRun, stderr })), seen }
}

const articles = async () => (await db.selectFrom('article').select('title').orderBy('id').execute()).map(row => row.title)
const jsonl = (...titles: unknown[]) => titles.map(title => `${JSON.stringify({ title })}\n`).join('')

test('an import exits with 0, or with 3 and the refused lines if some are bad', async () => {
  const good = await importFile('good.jsonl', jsonl('a', 'b'))
  assert.deepEqual(good.result, { read: 2, added: 2, unchanged: 0, refused: [], refused_count: 0 })
  assert.equal(good.exitCode, 0)
  assert.equal(good.seen.text, '2 read: 2 added, 0 unchanged, 0 refused\n')
  const mixed = await importFile('mixed.jsonl', `${jsonl('a', '', 'c')}nonsense\n`)
  assert.deepEqual(mixed.result, {
    read: 4,
    added: 1,
    unchanged: 1,
    refused: [
      { line: 2, reason: 'title: empty' },
      { line: 4, reason: 'is not JSON' },
    ],
    refused_count: 2,
  })
  assert.equal(mixed.exitCode, 3)
  assert.match(mixed.seen.text, /\n {2}line 4: is not JSON\n/)
})

test('a gzipped CSV is imported like JSON Lines', async () => {
  const csv = 'title,channel,keywords,published_at\n"一, 二",科技,a|b,2026-01-02\n三,,,\n'
  const { result, exitCode } = await importFile('a.csv.gz', gzipSync(csv))
  assert.equal(exitCode, 0)
  assert.equal(result.added, 2)
  assert.deepEqual(await articles(), ['一, 二', '三'])
})

test('a dry run writes nothing and reports the same result', async () => {
  const dry = await importFile('dry.jsonl', jsonl('a', 'b', 'a', ''), { dryRun: true })
  assert.deepEqual(await articles(), [])
  const real = await importFile('dry.jsonl', jsonl('a', 'b', 'a', ''))
  assert.deepEqual(dry.result, real.result)
  assert.equal(dry.exitCode, 3)
})

test('an empty file is imported', async () => {
  const { result, exitCode } = await importFile('empty.jsonl', '')
  assert.deepEqual({ result, exitCode }, { result: { read: 0, added: 0, unchanged: 0, refused: [], refused_count: 0 }, exitCode: 0 })
})

test('a missing file, a folder or a truncated file exits with 1, adds nothing and says why', async () => {
  const whole = gzipSync(jsonl(...Array.from({ length: 3_000 }, (_, i) => `${i} ${Math.random()}`)))
  const broken = await importFile('broken.jsonl.gz', whole.subarray(0, whole.length - 10))
  assert.equal(broken.exitCode, 1)
  assert.match(broken.result.error ?? '', /breaks off after line \d+/)
  for (const file of [join(folder, 'missing.jsonl'), folder]) {
    const { stderr, seen } = fakeStderr(false)
    const { result, exitCode } = await importCommand({ ...needs, importLines, file, stderr })
    assert.equal(exitCode, 1)
    assert.match(result.error ?? '', /there is no file|is a folder/)
    assert.match(seen.text, /^import failed: /)
  }
  assert.deepEqual(await articles(), [])
})

test('progress is shown on a terminal, and not when stderr is a file', async () => {
  assert.match((await importFile('bar.jsonl', jsonl('a'), { isTTY: true })).seen.text, /importing \[/)
  assert.doesNotMatch((await importFile('bar.jsonl', jsonl('a'))).seen.text, /importing/)
})

test('an export imports again unchanged, and a failed export leaves the file as it was', async () => {
  await importFile('some.jsonl', jsonl(...Array.from({ length: 120 }, (_, i) => `标题 ${i}`)))
  const { stderr } = fakeStderr(false)
  const file = join(folder, 'out.jsonl.gz')
  const { result, exitCode } = await exportCommand({ ...needs, file, stderr })
  assert.equal(exitCode, 0)
  assert.equal(result.exported, 120)
  const bytes = await readFile(file)
  assert.equal(result.bytes, bytes.length)
  assert.equal(gunzipSync(bytes).toString().split('\n').length, 121)
  assert.equal((await importCommand({ ...needs, importLines, file, stderr })).result.unchanged, 120)

  for (const bad of [folder, join(folder, 'out.csv'), join(folder, 'no', 'such.jsonl')]) {
    assert.equal((await exportCommand({ ...needs, file: bad, stderr })).exitCode, 1, bad)
  }
  const stop = AbortSignal.abort()
  assert.equal((await exportCommand({ ...needs, file, stderr, signal: stop })).exitCode, 1)
  assert.deepEqual(await readFile(file), bytes, 'the file is unchanged')
  assert.deepEqual(
    (await readdir(folder)).filter(name => name.endsWith('.part')),
    [],
  )
})
