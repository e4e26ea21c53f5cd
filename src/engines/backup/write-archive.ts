// Writes a backup archive: a tar, compressed with zstd. Members come in this order: keys/NAME, rows/TABLE/NUMBER, files/KEY,
// manifest.json. The archive holds every key, so its owner alone may read it.

import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress } from 'node:zlib'
import { pack } from 'tar-stream'
import { createDigests, MANIFEST, type Manifest } from './manifest.ts'

export interface ArchiveWriter {
  /** `body` has exactly `size` bytes. */
  add(member: string, size: number, body: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<void>
  /** Returns the size of the archive. */
  finish(manifest: Omit<Manifest, 'sha256'>): Promise<number>
  abandon(): Promise<void>
}

/** Written to a temporary file and renamed: the file at `path` is never half an archive. */
export function createArchive(path: string, signal: AbortSignal): ArchiveWriter {
  const temporary = `${path}.${process.pid}.part`
  const tar = pack()
  const target = createWriteStream(temporary, { mode: 0o600, flush: true })
  const written = pipeline(tar as unknown as Readable, createZstdCompress(), target, { signal })
  let failure: unknown
  written.catch(err => (failure = err)) // whoever adds the next member hears of it
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
      tar.finalize()
      await written
      await rename(temporary, path)
      return target.bytesWritten
    },
    async abandon() {
      tar.destroy()
      await written.catch(() => {})
      await rm(temporary, { force: true })
    },
  }
}
