// Uploaded pictures. A row is written before the objects and completed after them, so a process that is killed in between
// leaves nothing that is served. Jobs delete what nothing refers to (file-jobs.ts).

import type { Readable } from 'node:stream'
import { createBatcher } from '../../base/batcher.ts'
import type { FileId, ReaderId } from '../../base/id.ts'
import type { Log } from '../../base/log.ts'
import { conflict, notFound } from '../../base/problem.ts'
import type { Sealing } from '../../base/sealing.ts'
import type { Db } from '../../engines/database/database.ts'
import type { ByteRange, Files as FileStore } from '../../engines/files/files.ts'
import type { Encode } from './encoding.ts'
import { FILE_NAME, newFileName, pictureKey, privateKey, publicPath } from './file-keys.ts'
import { deleteFile, findPrivateFile, findServedFiles, insertFile, insertMaterial, markStored, type ServedFile } from './files.sql.ts'

export type Files = ReturnType<typeof createFiles>

export interface FilesNeeds {
  db: Db
  store: FileStore
  newId: () => bigint
  encode: Encode
  sealing: Sealing
  absoluteUrl: (path: string) => string
  log: Log
}

export interface StoredPicture {
  id: FileId
  /** Below PUBLIC_URL; what rows keep. */
  path: string
  url: string
}

/** What is sent for `/files/NAME`. */
export interface ServedPicture {
  /** Differs for each width; the content behind it never changes. */
  etag: string
  extension: string
  bytes: number
  /** Where the store itself serves it: an address that lasts for minutes. */
  temporaryUrl?(): Promise<string>
  open(range?: ByteRange): Promise<Readable>
}

const NONE = 'There is no such file.'
/** A page of a feed has some thirty pictures. Pictures that are asked for at the same moment share a query. */
const LOOKUPS = { concurrency: 2, batchSizeMax: 100 }

export function createFiles({ db, store, newId, encode, sealing, absoluteUrl, log }: FilesNeeds) {
  const findServed = createBatcher<string, ServedFile | undefined>(async names => {
    const found = await findServedFiles(db, names)
    return names.map(name => found.get(name))
  }, LOOKUPS)

  async function storeObjects(
    file: { name: string; owner: ReaderId | undefined; private: boolean; widths: number[] },
    objects: [string, Buffer][],
  ) {
    const id = newId() as FileId
    await insertFile(db, { id, ...file, bytes: objects.map(([, bytes]) => bytes.length) })
    try {
      await Promise.all(objects.map(([key, bytes]) => store.put(key, bytes)))
    } catch (err) {
      // Deleting the row also queues what may have been written. If this fails too, the job finds the row after a day.
      await deleteFile(db, id).catch(error => log.warn({ err: error }, 'the row of a failed upload stays for a day'))
      throw err
    }
    if (!(await markStored(db, id))) throw conflict('The account was deleted in the meantime.')
    return id
  }

  async function storePicture(owner: ReaderId | undefined, input: Buffer): Promise<StoredPicture> {
    const { extension, copies } = await encode(input, 'public')
    const name = newFileName(extension)
    const objects = copies.map(({ width, bytes }, i): [string, Buffer] => [pictureKey(name, i === 0 ? undefined : width), bytes])
    const id = await storeObjects({ name, owner, private: false, widths: copies.map(({ width }) => width) }, objects)
    return { id, path: publicPath(name), url: absoluteUrl(publicPath(name)) }
  }

  return {
    storePicture,

    /** Encrypted, without a public address and without narrower copies. */
    async storePrivatePicture(owner: ReaderId, input: Buffer): Promise<FileId> {
      const { extension, copies } = await encode(input, 'private')
      const [{ width, bytes }] = copies as [(typeof copies)[number]]
      const name = newFileName(extension)
      return storeObjects({ name, owner, private: true, widths: [width] }, [[privateKey(name), sealing.seal(bytes, name)]])
    },

    /** Decrypts a private picture: its bytes and its type by name. */
    async openPrivatePicture(id: FileId): Promise<{ bytes: Buffer; extension: string }> {
      const name = await findPrivateFile(db, id)
      const stream = name === undefined ? undefined : await store.read(privateKey(name))
      if (!name || !stream) throw notFound(NONE)
      const sealed: Buffer[] = []
      for await (const piece of stream) sealed.push(piece as Buffer)
      return { bytes: sealing.open(Buffer.concat(sealed), name), extension: name.split('.')[1] as string }
    },

    async storeMaterial(owner: ReaderId, input: Buffer): Promise<{ id: number; url: string }> {
      const picture = await storePicture(owner, input)
      return { id: await insertMaterial(db, owner, picture.id), url: picture.url }
    },

    /** The narrowest copy that is at least as wide as asked for, else the picture itself. */
    async find(name: string, wanted: number | undefined): Promise<ServedPicture> {
      const file = FILE_NAME.test(name) ? await findServed(name) : undefined
      if (!file) throw notFound(NONE)
      const copy = copyFor(file.widths, wanted)
      const key = pictureKey(name, copy === 0 ? undefined : file.widths[copy])
      const { temporaryUrl } = store
      return {
        etag: `"${name.split('.')[0]}-${file.widths[copy]}"`,
        extension: name.split('.')[1] as string,
        bytes: file.bytes[copy] as number,
        temporaryUrl: temporaryUrl && (() => temporaryUrl(key)),
        async open(range) {
          const stream = await store.read(key, range)
          if (stream) return stream
          log.error({ key }, 'a stored file is missing in the file store')
          throw notFound(NONE)
        },
      }
    },
  }
}

/** The place of a copy in `widths`, where the picture itself is the first and its narrower copies ascend. */
function copyFor(widths: number[], wanted = Number.POSITIVE_INFINITY): number {
  const found = widths.findIndex((width, i) => i > 0 && width >= wanted)
  return found < 0 ? 0 : found
}
