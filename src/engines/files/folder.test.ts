import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { within } from '../../../test/support/waiting.ts'
import { testFiles } from './files.contract.ts'
import { openFolder } from './folder.ts'

const folder = await mkdtemp(join(tmpdir(), 'broadsheet-files-'))
after(() => rm(folder, { recursive: true, force: true }))

// A folder is listed without pages.
testFiles('folder', { reopen: async () => openFolder(folder), pageAndMore: 60 })

test('a process that is killed in the middle of an upload leaves no file, and its rest is removed later', async () => {
  const program = `
    import { Readable } from 'node:stream'
    import { openFolder } from '${join(import.meta.dirname, 'folder.ts')}'
    const body = Readable.from((async function* () { for (;;) { yield Buffer.alloc(65536); process.send('wrote'); await new Promise(done => setTimeout(done, 5)) } })())
    await openFolder('${folder}').put('killed/x.jpg', body)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  for (let i = 0; i < 5; i++) await within(once(child, 'message'), 'the process writes')
  child.kill('SIGKILL')
  await once(child, 'exit')
  const files = openFolder(folder)
  assert.equal(await files.read('killed/x.jpg'), undefined)
  for await (const { key } of files.list()) assert.doesNotMatch(key, /killed|upload/)
  assert.equal(await files.removeAbandoned(new Date(0)), 0)
  assert.equal(await files.removeAbandoned(new Date(Date.now() + 1_000)), 1)
  assert.deepEqual(await readdir(join(folder, '.uploads')), [])
})

test('a folder that cannot be written to is a readable problem', {
  skip: process.getuid?.() === 0 && 'root may write everywhere',
}, async () => {
  const closed = await mkdtemp(join(tmpdir(), 'broadsheet-files-'))
  await chmod(closed, 0o500)
  await assert.rejects(openFolder(closed).put('a/b', Buffer.from('x')), { kind: 'storage-failed' })
  await rm(closed, { recursive: true })
})
