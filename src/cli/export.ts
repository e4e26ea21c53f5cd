// `export articles FILE`: writes JSON Lines, gzipped if the name ends in .gz.

import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { invalid, Problem } from '../base/problem.ts'
import { createIngest } from '../features/ingest/ingest.ts'
import type { FileCommandNeeds } from './file-command.ts'

export interface ExportOutcome {
  result: { exported: number; file: string; bytes: number; error?: string }
  exitCode: 0 | 1
}

export async function exportCommand({ file, stderr = process.stderr, signal, log, ...needs }: FileCommandNeeds): Promise<ExportOutcome> {
  const path = resolve(file)
  // Written to a temporary file and renamed: FILE is never half an export.
  const temporary = `${path}.${process.pid}.part`
  let exported = 0

  async function* lines() {
    for await (const article of createIngest(needs).exportArticles()) {
      yield `${JSON.stringify(article)}\n`
      exported++
    }
  }

  try {
    if (/\.csv(\.gz)?$/i.test(path)) throw invalid('articles are exported as JSON Lines: name the file .jsonl or .jsonl.gz')
    if (await isDirectory(path)) throw invalid(`${file} is a folder, not a file`)
    const source = Readable.from(lines())
    const target = createWriteStream(temporary)
    await (path.endsWith('.gz') ? pipeline(source, createGzip(), target, { signal }) : pipeline(source, target, { signal }))
    await rename(temporary, path)
    stderr.write(`${exported} articles exported to ${file}\n`)
    return { result: { exported, file: path, bytes: target.bytesWritten }, exitCode: 0 }
  } catch (err) {
    await rm(temporary, { force: true })
    const error = (err as Error).message
    if (!(err instanceof Problem) && !signal?.aborted) log.error({ err }, 'export failed')
    stderr.write(`export failed: ${error}\n`)
    return { result: { exported: 0, file: path, bytes: 0, error }, exitCode: 1 }
  }
}

const isDirectory = (path: string) =>
  stat(path).then(
    found => found.isDirectory(),
    () => false,
  )
