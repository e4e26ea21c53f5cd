// Reads a backup archive and compares it with its manifest. Everything passes by once and nothing is kept, so an archive may
// be larger than the memory. To know that it is whole before using it, read it twice.

import type { FileHandle } from 'node:fs/promises'
import { buffer, text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { isDeepStrictEqual } from 'node:util'
import { createZstdDecompress } from 'node:zlib'
import { extract } from 'tar-stream'
import { invalid } from '../../base/problem.ts'
import { createDigests, FORMAT, hashLine, MANIFEST, MANIFEST_HASH, type Manifest } from './manifest.ts'

export interface Member {
  name: string
  size: number
  body: AsyncIterable<Buffer>
}

/** Hundreds of tables and files of keys; more is no manifest of ours. */
const MANIFEST_BYTES_MAX = 16 * 1024 * 1024

/** With its checksum. */
const EMPTY_FRAME = Buffer.from('28b52ffd240001000099e9d851', 'hex')

/** `visit` need not read a member to its end. Throws if the archive was cut or changed. */
export async function readArchive(file: FileHandle, visit: (member: Member) => Promise<void>, signal: AbortSignal): Promise<Manifest> {
  const tar = extract()
  const bytes = file.createReadStream({ start: 0, autoClose: false })
  const zstd = createZstdDecompress()
  const fed = pipeline(bytes, zstd, tar, { signal })
  fed.catch(() => {}) // the loop over `tar` throws the same
  const digests = createDigests()
  let manifest: Manifest | undefined
  let line: string | undefined
  let isHashed = false
  for await (const entry of tar) {
    const { name, size = 0 } = entry.header
    if (name === MANIFEST_HASH && line && !isHashed) {
      if (size !== line.length || (await text(entry)) !== line) throw invalid('its manifest was changed')
      isHashed = true
      continue
    }
    if (manifest) throw invalid('something follows its manifest')
    if (name === MANIFEST) {
      if (size > MANIFEST_BYTES_MAX) throw invalid('its manifest is too large')
      const bytes = await buffer(entry)
      manifest = parseManifest(bytes)
      line = hashLine(bytes)
      continue
    }
    const hash = digests.begin(name, size)
    const hashed = (async function* () {
      for await (const piece of entry as AsyncIterable<Buffer>) {
        hash.update(piece)
        yield piece
      }
    })()
    // Not ended when `visit` stops half-way: that would end the entry, and with it the archive.
    const body: AsyncIterable<Buffer> = { [Symbol.asyncIterator]: () => ({ next: () => hashed.next() }) }
    await visit({ name, size, body })
    for await (const _rest of body);
  }
  await fed
  if (!(await endsAfter(file, zstd.bytesWritten))) throw invalid('its end is not that of an archive')
  if (!manifest) throw invalid('it has no manifest: it was cut off')
  if (!isHashed) throw invalid('it has no hash of its manifest: it was cut off')
  const found = digests.results()
  const changed = Object.keys({ ...manifest.sha256, ...found }).filter(group => manifest?.sha256[group] !== found[group])
  if (changed.length > 0 || !isDeepStrictEqual(manifest.sha256, found)) throw invalid(`it was changed: ${changed.join(', ')}`)
  return manifest
}

/** Whether nothing follows the first frame of zstd, of which `bytes` were read, but the empty frame that Node adds. */
async function endsAfter(file: FileHandle, bytes: number): Promise<boolean> {
  const rest = Buffer.alloc(EMPTY_FRAME.length + 1)
  const { bytesRead } = await file.read(rest, 0, rest.length, bytes)
  return bytesRead === 0 || rest.subarray(0, bytesRead).equals(EMPTY_FRAME)
}

function parseManifest(bytes: Buffer): Manifest {
  const manifest = JSON.parse(bytes.toString()) as Manifest
  if (manifest.format !== FORMAT) throw invalid(`its format is ${manifest.format}, and this version reads ${FORMAT}`)
  return manifest
}
