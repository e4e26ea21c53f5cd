// The port of the file store. Two engines implement it, a folder (folder.ts) and S3 (s3.ts), and files.contract.ts tests both.
// A stored file is immutable and whole: `put` makes it visible at once or not at all. The store promises no order in
// `list` and knows no owners: features/files keeps those in rows.

import type { Readable } from 'node:stream'

export interface Files {
  /** Stores a file; an older one under the same key is replaced. Returns after the bytes have reached the disk. */
  put(key: string, body: Buffer | Readable, options?: { timeoutMs?: number }): Promise<void>
  /** The bytes from `start` to `end`, both included; without a range, all. Undefined if there is no such file. */
  read(key: string, range?: ByteRange): Promise<Readable | undefined>
  sizeOf(key: string): Promise<number | undefined>
  /** Files that do not exist are no error. */
  remove(keys: string[]): Promise<void>
  list(): AsyncIterable<StoredFile>
  /** Removes what interrupted uploads that began before `time` have left. Returns how many there were. */
  removeAbandoned(time: Date): Promise<number>
  /** Only where clients fetch from the store itself: an address that lasts a few minutes. */
  temporaryUrl?(key: string): Promise<string>
  close(): void
}

export interface ByteRange {
  start: number
  end: number
}

export interface StoredFile {
  key: string
  size: number
}

// 255 bytes are the limit of a file name, 1,024 that of an S3 key. No segment begins with a dot, so no key leaves the folder.
const KEY = /^(?=.{1,512}$)[a-z0-9][a-z0-9._-]{0,199}(\/[a-z0-9][a-z0-9._-]{0,199})*$/

/** Keys are generated, so a malformed one is a bug. */
export function checkKey(key: string): string {
  if (!KEY.test(key)) throw new Error(`"${key.slice(0, 100)}" is no key of a file`)
  return key
}

const TYPES: Record<string, string> = { jpg: 'image/jpeg', png: 'image/png', gif: 'image/gif', webp: 'image/webp' }

/** The content type is part of the key: its ending. */
export const contentTypeOf = (key: string): string => TYPES[key.slice(key.lastIndexOf('.') + 1)] ?? 'application/octet-stream'

export const YEAR_SECONDS = 31_536_000
export const IMMUTABLE = `public, max-age=${YEAR_SECONDS}, immutable`

/** Pictures are public and their names are never reused; everything else is private. */
export const cacheControlOf = (key: string): string => (contentTypeOf(key).startsWith('image/') ? IMMUTABLE : 'no-store')
