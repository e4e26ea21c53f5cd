// Where the web app's sources are, and where what is built from them goes: a folder named after what it was built from, so
// that "is it built?" and "is it up to date?" are the same question, and two processes that build at once make the same.

import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..', '..', '..')
export const WEB = join(ROOT, 'web')
export const DIST = join(WEB, 'dist')

/** The folder of the present sources' build, whether it exists or not. A few milliseconds. */
export function currentBuildFolder(): string {
  const files = globSync('**/*', { cwd: WEB, withFileTypes: true, exclude: entry => entry.name === 'dist' })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
  const hash = createHash('sha256')
  // The lock file too: another version of a library makes another app.
  for (const file of [...files.toSorted(), join(ROOT, 'package-lock.json')])
    hash.update(`${file.slice(ROOT.length)}\0`).update(readFileSync(file))
  return join(DIST, hash.digest('hex').slice(0, 16))
}

/** While it is being built a folder also bears the number of the process that does. */
export const isUnfinishedBuild = (folder: string): boolean => /\.\d+$/.test(folder)
