// Copies every file of a store into another. A file that is there with the same size is passed over, so a copy that was broken
// off goes on where it stopped, and one that is repeated brings what was added in the meantime.

import type { Files, StoredFile } from './files.ts'

/** Keeps a line to S3 busy while the next files are read. */
const AT_ONCE = 4
/** A large file over a slow line. */
const TIMEOUT_MS = 10 * 60_000

export interface CopyReport {
  files: number
  copied: number
  bytes: number
}

export interface CopyOptions {
  signal: AbortSignal
  /** `done` of `total` bytes. */
  onProgress: (done: number, total: number) => void
}

export async function copyFiles(from: Files, to: Files, { signal, onProgress }: CopyOptions): Promise<CopyReport> {
  const present = new Map<string, number>()
  for await (const { key, size } of to.list()) present.set(key, size)
  const missing: StoredFile[] = []
  let files = 0
  for await (const file of from.list()) {
    files++
    if (present.get(file.key) !== file.size) missing.push(file)
  }
  const total = missing.reduce((sum, { size }) => sum + size, 0)
  const report: CopyReport = { files, copied: 0, bytes: 0 }
  onProgress(0, total)
  const queue = missing.values()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const { key, size } of queue) {
        signal.throwIfAborted()
        const body = await from.read(key)
        if (!body) continue // removed in the meantime
        await to.put(key, body, { timeoutMs: TIMEOUT_MS })
        report.copied++
        report.bytes += size
        onProgress(report.bytes, total)
      }
    }),
  )
  return report
}
