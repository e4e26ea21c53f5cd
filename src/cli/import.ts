// `import articles|behaviours FILE [--dry-run]`: shows progress and a summary on stderr, and returns the result.

import { basename } from 'node:path'
import { emptyResult, type ImportOptions, type ImportResult } from '../base/import-result.ts'
import type { Log } from '../base/log.ts'
import { Problem } from '../base/problem.ts'
import { openArticleFile } from '../features/ingest/article-file.ts'
import type { Line } from '../features/ingest/raw-lines.ts'
import { withProgress } from './progress.ts'

const LISTED = 10 // refused lines in the summary

export interface ImportOutcome {
  /** With `error`, the counts say how much was imported. The same command imports the rest. */
  result: ImportResult & { error?: string }
  exitCode: 0 | 1 | 3
}

export async function importCommand({
  file,
  column,
  importLines,
  dryRun = false,
  stderr = process.stderr,
  signal,
  log,
}: {
  file: string
  /** One that every CSV of this kind has; `title` by default. */
  column?: string
  importLines: (lines: AsyncIterable<Line>, options: ImportOptions) => Promise<ImportResult>
  dryRun?: boolean
  stderr?: NodeJS.WriteStream
  signal?: AbortSignal
  log: Log
}): Promise<ImportOutcome> {
  let result = emptyResult()
  try {
    const lines = await openArticleFile(file, column)
    const total = await withProgress(stderr, `reading ${basename(file)}`, async update => {
      const timer = setInterval(() => update(lines.bytesRead(), lines.bytesTotal), 100).unref() // a smooth bar
      return lines.count().finally(() => clearInterval(timer))
    })
    result = await withProgress(stderr, dryRun ? 'checking' : 'importing', update =>
      importLines(lines.read(), {
        total,
        dryRun,
        signal,
        onProgress: soFar => {
          result = soFar
          update(soFar.read, total)
        },
      }),
    )
  } catch (err) {
    const error = (err as Error).message
    if (!(err instanceof Problem) && !signal?.aborted) log.error({ err }, 'import failed')
    stderr.write(`import failed: ${error}\n${result.read > 0 ? summary(result, dryRun) : ''}`)
    return { result: { ...result, error }, exitCode: 1 }
  }
  stderr.write(summary(result, dryRun))
  return { result, exitCode: result.refused_count > 0 ? 3 : 0 }
}

function summary({ read, added, unchanged, refused, refused_count }: ImportResult, dryRun: boolean): string {
  const lines = [`${read} read: ${added} ${dryRun ? 'would be added' : 'added'}, ${unchanged} unchanged, ${refused_count} refused`]
  for (const { line, reason } of refused.slice(0, LISTED)) lines.push(`  line ${line}: ${reason}`)
  if (refused_count > LISTED) lines.push(`  and ${refused_count - LISTED} more`)
  return `${lines.join('\n')}\n`
}
