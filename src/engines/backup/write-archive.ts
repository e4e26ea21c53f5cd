// Writes a backup archive: a tar, compressed with zstd. Members come in this order: keys/NAME, rows/TABLE/NUMBER, files/KEY,
// manifest.json, manifest.json.sha256. The archive holds every key, so its owner alone may read it.

import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress } from 'node:zlib'
import { pack } from 'tar-stream'
import { syncFolder } from '../postgres/cluster-folder.ts'
import { createDigests, hashLine, MANIFEST, MANIFEST_HASH, type Manifest } from './manifest.ts'

export interface ArchiveWriter {
  /** `body` has exactly `size` bytes. */
  add(member: string, size: number, body: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<void>
  /** Returns the size of the archive. */
  finish(manifest: Omit<Manifest, 'sha256'>): Promise<number>
  abandon(): Promise<void>
}

/**
 * Written to a temporary file and renamed: the file at `path` is never half an archive. The temporary file is new and has a
 * random name: others may write to the folder too, and a file or a link of theirs must not get the keys.
 */
export function createArchive(path: string, signal: AbortSignal): ArchiveWriter {
  const temporary = `${path}.${randomBytes(12).toString('hex')}.part`
  const tar = pack()
  const target = createWriteStream(temporary, { flags: 'wx', mode: 0o600, flush: true })
  const zstd = createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } })
  const written = pipeline(tar as unknown as Readable, zstd, target, { signal })
  let failure: unknown
  written.catch(err => (failure = err)) // the next `add` throws it
  const digests = createDigests()

  async function append(name: string, size: number, body: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<void> {
    if (failure) throw failure
    const added = pipeline(body, tar.entry({ name, size, mode: 0o600 }))
    added.catch(() => {})
    await Promise.race([added, written.then(() => added)]) // a full disk ends `written`, but not `added`
  }

  async function* hashed(member: string, size: number, body: Iterable<Buffer> | AsyncIterable<Buffer>) {
    const hash = digests.begin(member, size)
    for await (const piece of body) {
      hash.update(piece)
      yield piece
    }
  }

  return {
    add: (member, size, body) => append(member, size, hashed(member, size, body)),
    async finish(manifest) {
      const text = Buffer.from(JSON.stringify({ ...manifest, sha256: digests.results() }, undefined, 1))
      await append(MANIFEST, text.length, [text])
      const line = Buffer.from(hashLine(text))
      await append(MANIFEST_HASH, line.length, [line])
      tar.finalize()
      await written
      await rename(temporary, path)
      syncFolder(dirname(path))
      return target.bytesWritten
    },
    async abandon() {
      tar.destroy()
      await written.catch(() => {})
      await rm(temporary, { force: true })
    },
  }
}
