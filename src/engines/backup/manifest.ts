// What a backup archive says about itself. The manifest and its hash are the archive's last members, so an archive without
// them was cut off.

import { createHash, type Hash } from 'node:crypto'

/** Changes when an older version could no longer read an archive. */
export const FORMAT = 1
export const MANIFEST = 'manifest.json'
export const MANIFEST_HASH = 'manifest.json.sha256'

export interface TableInArchive {
  name: string
  columns: string[]
  rows: number
}

export interface Manifest {
  format: number
  /** Of the program that made the archive. */
  version: string
  created_at: string
  /** The migrations that the database had. */
  migrations: { name: string; checksum: string }[]
  /** In the order in which they are restored: a row after the rows that it refers to. */
  tables: TableInArchive[]
  sequences: Record<string, string>
  /** No id of this installation was made after this millisecond. */
  ids_until_ms: number
  keys: string[]
  files: { count: number; bytes: number }
  /** Of all members of a group: `keys`, `rows/TABLE` or `files`. */
  sha256: Record<string, string>
}

/** The content of MANIFEST_HASH: a line for `sha256sum --check`. */
export const hashLine = (manifest: Buffer): string => `${createHash('sha256').update(manifest).digest('hex')}  ${MANIFEST}\n`

/** `rows/reader/000001` belongs to `rows/reader`, `files/pictures/a.jpg` to `files`. */
const groupOf = (member: string): string => member.split('/', member.startsWith('rows/') ? 2 : 1).join('/')

/** Hashes members as they pass, each with its name and its size. */
export function createDigests() {
  const hashes = new Map<string, Hash>()
  return {
    begin(member: string, size: number): Hash {
      const group = groupOf(member)
      const hash = hashes.get(group) ?? createHash('sha256')
      hashes.set(group, hash)
      return hash.update(`${member}\n${size}\n`)
    },
    results: (): Record<string, string> => Object.fromEntries([...hashes].map(([group, hash]) => [group, hash.copy().digest('hex')])),
  }
}
