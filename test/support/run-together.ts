// `npm test` runs all test files in a few processes. Each takes the next file that no other has taken, so code is loaded and
// compiled once a process, not once a file. A file is a suite with its own hooks and cleanup. It is loaded when the one before
// it has ended.

import { closeSync, globSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe } from 'node:test'
import { pathToFileURL } from 'node:url'
import { describeTracked, endTracking } from './async-tracking.ts' // before what registers a test or a hook
import { beginSharing, closeShared, runCleanup } from './cleanup.ts'
import { PATIENCE_MS, within } from './waiting.ts'

const ROOT = join(import.meta.dirname, '..', '..')

/**
 * At one end the files that compute most, at the other those that wait as much. In the middle short ones, so that no process is left
 * with a long one. 'test' has those of all other folders.
 */
const FOLDERS = ['test/browser', 'test/processes', 'test/chaos', 'test/rules', 'test/journeys', 'test', 'src']

/** After its last file a process ends at once, unless a file left something open. */
const LEFT_OPEN_MS = 30_000

beginSharing()

/** Runs the files that match, each as a suite, one after another. */
export async function runTogether(pattern: string): Promise<void> {
  for (const file of globSync(pattern, { cwd: ROOT }).toSorted()) await runFile(file)
}

interface Remaining {
  /** Where to begin. Processes begin at both ends, so that some compute while others wait. */
  from: 'start' | 'end'
  /** The folder in which they note what they have taken. */
  claims?: string | undefined
}

/** Runs all files that no other process has taken. */
export async function runRemaining({ from, claims = process.env.TEST_CLAIMS }: Remaining): Promise<void> {
  const files = [...new Set(FOLDERS.flatMap(folder => sharingFirst(globSync(`${folder}/**/*.test.ts`, { cwd: ROOT }).toSorted())))]
  for (const file of from === 'start' ? files : files.toReversed())
    if (claims === undefined || claim(join(claims, file.replaceAll('/', '+')))) await runFile(file)
  await closeShared()
  setTimeout(() => {
    process.stderr.write(`a test file left something open: ${process.getActiveResourcesInfo().join(', ')}\n`)
    process.exit(1)
  }, LEFT_OPEN_MS).unref()
}

/** Files that share a product follow each other, because while it is open it looks at its logs all the time. */
const sharingFirst = (files: string[]) => [...files.filter(isSharing), ...files.filter(file => !isSharing(file))]

const isSharing = (file: string) => readFileSync(join(ROOT, file), 'utf8').includes('useSharedProduct(')

/** False if another process has taken it. */
function claim(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx'))
    return true
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw err
  }
}

async function runFile(file: string): Promise<void> {
  if (!isSharing(file)) await closeShared()
  await describeTracked(() =>
    describe(file, async () => {
      after(runCleanup)
      await within(import(pathToFileURL(join(ROOT, file)).href), `${file} is loaded`, 3 * PATIENCE_MS).finally(endTracking)
    }),
  )
  await runCleanup() // if none of its tests was chosen with --test-name-pattern
}
