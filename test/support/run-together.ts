// Runs test files in one process, one after another: the code of the product is loaded and compiled once, not once a file.
// Each file is a suite with its own hooks and cleanup. All files are loaded before the first test, so they start in `before`.

import { globSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe } from 'node:test'
import { pathToFileURL } from 'node:url'
import { isCleanupDue, runCleanup } from './cleanup.ts'

const ROOT = join(import.meta.dirname, '..', '..')

/** With `parts`, only one file of each `parts`. */
export function runTogether(pattern: string, { part = 1, parts = 1 } = {}): void {
  const files = globSync(pattern, { cwd: ROOT }).toSorted()
  for (const file of files.filter((_, i) => i % parts === part - 1))
    describe(file, async () => {
      after(runCleanup)
      await import(pathToFileURL(join(ROOT, file)).href)
      if (isCleanupDue()) throw new Error(`${file}, or one beside it, starts something while it is loaded: start it in before()`)
    })
}
