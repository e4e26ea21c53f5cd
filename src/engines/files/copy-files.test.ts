import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { NO_S3, s3Url } from '../../../test/support/s3.ts'
import { type FilesLocation, parseFilesUrl } from '../../base/files-url.ts'
import { copyFiles } from './copy-files.ts'
import type { Files } from './files.ts'
import { openFolder } from './folder.ts'
import { openFiles } from './open-files.ts'

const root = await mkdtemp(join(tmpdir(), 'broadsheet-copy-'))
after(() => rm(root, { recursive: true, force: true }))

const COUNT = 40
const SIZE = 1_000
let folders = 0
async function filledFolder(): Promise<Files> {
  const files = openFolder(join(root, String(folders++)))
  for (let i = 0; i < COUNT; i++) await files.put(`pictures/${i}.jpg`, randomBytes(SIZE))
  return files
}

async function assertSame(one: Files, other: Files): Promise<void> {
  for (let i = 0; i < COUNT; i++) {
    const [left, right] = await Promise.all([one, other].map(files => files.read(`pictures/${i}.jpg`)))
    assert.ok(left && right, `file ${i} is missing`)
    assert.deepEqual(await buffer(left), await buffer(right))
  }
}

const quiet = { signal: new AbortController().signal, onProgress: () => {} }

for (const [engine, open, skip] of [
  ['a folder', async () => openFolder(join(root, String(folders++))), false],
  ['S3', async () => openFiles(parseFilesUrl(await s3Url()) as FilesLocation, Date.now), NO_S3],
] as const)
  test(`files are copied to ${engine}; a copy that was broken off goes on where it stopped`, { skip }, async () => {
    const [from, to] = [await filledFolder(), await open()]
    const stop = new AbortController()
    const broken = copyFiles(from, to, { signal: stop.signal, onProgress: done => done >= 10 * SIZE && stop.abort() })
    await assert.rejects(broken, { name: 'AbortError' })
    const rest = await copyFiles(from, to, quiet)
    assert.equal(rest.files, COUNT)
    assert.ok(rest.copied > 0 && rest.copied <= COUNT - 10, `${rest.copied} were copied again`)
    await assertSame(from, to)
    await from.put('pictures/new.jpg', randomBytes(SIZE))
    assert.deepEqual(await copyFiles(from, to, quiet), { files: COUNT + 1, copied: 1, bytes: SIZE })
    to.close()
  })

test('a file that was only partly there is copied again', async () => {
  const [from, to] = [await filledFolder(), openFolder(join(root, String(folders++)))]
  await to.put('pictures/7.jpg', randomBytes(SIZE - 1))
  let last = [0, 0]
  await copyFiles(from, to, { ...quiet, onProgress: (...progress) => (last = progress) })
  assert.deepEqual(last, [COUNT * SIZE, COUNT * SIZE])
  await assertSame(from, to)
})
