// What every file store must do, whichever engine it is.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import type { Files } from './files.ts'

const MINUTE = 60_000

interface Engine {
  /** Gives another client of the same, empty store. */
  reopen: () => Promise<Files>
  /** More files than it lists at a time. */
  pageAndMore: number
  skip?: string | false
}

export function testFiles(engine: string, { reopen, pageAndMore, skip = false }: Engine): void {
  const scenario = (name: string, run: (files: Files) => Promise<void>) =>
    test(`${engine}: ${name}`, { skip }, async () => {
      const files = await reopen()
      try {
        await run(files)
      } finally {
        files.close()
      }
    })

  const keys = async (files: Files, prefix: string) => {
    const found: string[] = []
    for await (const { key } of files.list()) if (key.startsWith(prefix)) found.push(key)
    return found.toSorted()
  }
  const readAll = async (files: Files, key: string) => {
    const stream = await files.read(key)
    return stream && buffer(stream)
  }

  scenario('a stored file is read by another process, whole or in part', async files => {
    const bytes = randomBytes(100_000)
    await files.put('read/ab/one.jpg', bytes)
    const other = await reopen()
    assert.deepEqual(await readAll(other, 'read/ab/one.jpg'), bytes)
    assert.equal(await other.sizeOf('read/ab/one.jpg'), bytes.length)
    const part = await other.read('read/ab/one.jpg', { start: 10, end: 19 })
    assert.deepEqual(part && (await buffer(part)), bytes.subarray(10, 20))
    other.close()
  })

  scenario('a stream of many parts is stored whole', async files => {
    const piece = randomBytes(1024 * 1024)
    await files.put('large/stream', Readable.from(Array.from({ length: 12 }, () => piece)))
    assert.equal(await files.sizeOf('large/stream'), 12 * piece.length)
    const last = await files.read('large/stream', { start: 11 * piece.length, end: 12 * piece.length - 1 })
    assert.deepEqual(last && (await buffer(last)), piece)
  })

  scenario('a file that does not exist is undefined, and is removed without an error', async files => {
    assert.equal(await files.read('missing/one.jpg'), undefined)
    assert.equal(await files.read('missing'), undefined)
    assert.equal(await files.sizeOf('missing/one.jpg'), undefined)
    await files.remove(['missing/one.jpg', 'missing/two.jpg'])
  })

  scenario('a removed file is gone, and its neighbours stay', async files => {
    for (const name of ['a', 'b', 'c']) await files.put(`remove/${name}.png`, Buffer.from(name))
    await files.remove(['remove/a.png', 'remove/c.png'])
    assert.deepEqual(await keys(files, 'remove/'), ['remove/b.png'])
    assert.equal(await files.read('remove/a.png'), undefined)
  })

  scenario('a file that is stored again is replaced', async files => {
    await files.put('again/x', Buffer.from('the first and longer text'))
    await files.put('again/x', Buffer.from('second'))
    assert.equal(String(await readAll(files, 'again/x')), 'second')
  })

  scenario('every file is listed with its size, more than a page of them too', async files => {
    const names = Array.from({ length: pageAndMore }, (_, i) => `list/${String(i).padStart(4, '0')}`)
    for (let i = 0; i < names.length; i += 50)
      await Promise.all(names.slice(i, i + 50).map((name, n) => files.put(name, Buffer.alloc(n + 1))))
    assert.deepEqual(await keys(files, 'list/'), names)
    for await (const { key, size } of files.list()) if (key === 'list/0049') assert.equal(size, 50)
  })

  scenario('an upload whose source breaks off leaves nothing to read or list', async files => {
    for (const megabytes of [0, 1, 11]) {
      const broken = Readable.from(
        (async function* () {
          for (let i = 0; i <= megabytes; i++) yield randomBytes(1024 * 1024)
          throw new Error('the client went away')
        })(),
      )
      await assert.rejects(files.put('broken/x', broken), /the client went away/)
      assert.equal(await files.sizeOf('broken/x'), undefined)
    }
    assert.deepEqual(await keys(files, 'broken/'), [])
    assert.equal(await files.removeAbandoned(new Date(Date.now() + MINUTE)), 0)
  })

  scenario('keys that could leave the store are refused', async files => {
    const bad = [
      '',
      '.',
      '..',
      '../x',
      'a/../b',
      '/etc/passwd',
      'a//b',
      'a/',
      'a\\b',
      'a\0b',
      '%2e%2e/x',
      '.uploads/x',
      'a/.hidden',
      'Ä',
      'x'.repeat(600),
    ]
    for (const key of bad) {
      await assert.rejects(files.put(key, Buffer.from('x')), /is no key/, key)
      await assert.rejects(async () => files.read(key), /is no key/, key)
      await assert.rejects(async () => files.remove([key]), /is no key/, key)
    }
  })

  scenario('a temporary address, where there is one, gives the file to a client without credentials, and is stable', async files => {
    if (!files.temporaryUrl) return
    const bytes = randomBytes(1_000)
    await files.put('signed/x.png', bytes)
    const url = await files.temporaryUrl('signed/x.png')
    const answer = await fetch(url)
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), bytes)
    assert.equal(answer.headers.get('content-type'), 'image/png')
    assert.match(answer.headers.get('cache-control') ?? '', /immutable/)
    assert.equal((await fetch(url.replace('x.png', 'y.png'))).status, 403)
    assert.equal((await fetch(new URL(new URL(url).pathname, url))).status, 403, 'without a signature')
  })
}
