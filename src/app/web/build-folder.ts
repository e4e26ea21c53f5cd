// The web app's sources and the folder of its build. The folder is named after a hash of the sources: if it exists, the build
// is up to date, and two processes that build at the same time produce the same folder.

import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..', '..', '..')
export const WEB = join(ROOT, 'web')
export const DIST = join(WEB, 'dist')

/** The build folder of the current sources, which may not exist yet. Takes a few milliseconds. */
export function currentBuildFolder(): string {
  const files = globSync('**/*', { cwd: WEB, withFileTypes: true, exclude: entry => entry.name === 'dist' })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
  const hash = createHash('sha256')
  // The lock file is part of the hash: another version of a library makes another build.
  for (const file of [...files.toSorted(), join(ROOT, 'package-lock.json')])
    hash.update(`${file.slice(ROOT.length)}\0`).update(readFileSync(file))
  return join(DIST, hash.digest('hex').slice(0, 16))
}

/** While a folder is being built, its name ends with the pid of the building process. */
export const isUnfinishedBuild = (folder: string): boolean => /\.\d+$/.test(folder)
