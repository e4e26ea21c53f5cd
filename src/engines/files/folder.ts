// The file store in a folder. A file is written under `.uploads`, flushed and renamed, so a crash leaves no half file under
// a key. Several processes may share the folder.

import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { unavailable } from '../../base/problem.ts'
import { checkKey, type Files } from './files.ts'
import { storageFailed } from './problems.ts'

const UPLOADS = '.uploads'

export function openFolder(folder: string): Files {
  const pathOf = (key: string) => join(folder, checkKey(key))

  async function write(path: string, body: Buffer | Readable): Promise<void> {
    const bytes = Buffer.isBuffer(body) ? Readable.from([body]) : body
    await pipeline(bytes, createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }))
  }

  return {
    async put(key, body) {
      const path = pathOf(key)
      const temporary = join(folder, UPLOADS, `${process.pid}-${randomBytes(12).toString('hex')}`)
      try {
        await mkdir(dirname(temporary), { recursive: true, mode: 0o700 })
        await write(temporary, body)
        await mkdir(dirname(path), { recursive: true, mode: 0o700 })
        await rename(temporary, path)
        await flushFolders(dirname(path), folder)
      } catch (err) {
        await rm(temporary, { force: true }).catch(() => {})
        throw toProblem(err)
      }
    },

    async read(key, range) {
      const path = pathOf(key)
      const file = await open(path, 'r').catch(err => {
        if (isMissing(err)) return undefined
        throw toProblem(err)
      })
      return file?.createReadStream(range)
    },

    async sizeOf(key) {
      const found = await stat(pathOf(key)).catch(err => {
        if (isMissing(err)) return undefined
        throw toProblem(err)
      })
      return found?.isFile() ? found.size : undefined
    },

    async remove(keys) {
      for (const key of keys)
        await rm(pathOf(key), { force: true }).catch(err => {
          if (!isMissing(err)) throw toProblem(err)
        })
    },

    async *list() {
      for await (const path of walk(folder)) {
        const size = await stat(path).then(
          found => found.size,
          () => undefined, // removed in the meantime
        )
        if (size !== undefined) yield { key: relative(folder, path), size }
      }
    },

    async removeAbandoned(time) {
      let removed = 0
      for (const name of await readdir(join(folder, UPLOADS)).catch(() => [])) {
        const path = join(folder, UPLOADS, name)
        const changed = await stat(path).catch(() => undefined)
        if (!changed || changed.mtime >= time) continue
        await rm(path, { force: true })
        removed++
      }
      return removed
    },

    close() {},
  }
}

async function* walk(folder: string): AsyncIterable<string> {
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    if (entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* walk(path)
    else if (entry.isFile()) yield path
  }
}

/** A rename reaches the disk with the folder that holds the name; a new folder with its parent. */
async function flushFolders(from: string, root: string): Promise<void> {
  for (let folder = from; folder.startsWith(root); folder = dirname(folder)) {
    const handle = await open(folder, 'r')
    await handle.sync().finally(() => handle.close())
  }
}

const isMissing = (err: unknown) => ['ENOENT', 'ENOTDIR', 'EISDIR'].includes((err as NodeJS.ErrnoException).code ?? '')

function toProblem(err: unknown): unknown {
  const code = (err as NodeJS.ErrnoException).code ?? ''
  if (['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'EFBIG'].includes(code)) return storageFailed(err)
  if (['EMFILE', 'ENFILE'].includes(code)) return unavailable('The service is busy. Please try again.')
  return err
}
