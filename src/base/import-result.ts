// What an import did, line by line. Articles and behaviours are imported alike.

export interface ImportResult {
  read: number
  added: number
  /** Lines whose article or behaviour exists, or occurs earlier in the file. */
  unchanged: number
  /** The first thousand refusals. */
  refused: { line: number; reason: string }[]
  refused_count: number
}

export interface ImportOptions {
  /** The number of lines. Articles without a date are spread over the last 30 days, in the order of their lines. */
  total: number
  dryRun?: boolean
  /** Called after each batch, so that a caller knows how far a failed import came. */
  onProgress?: (soFar: ImportResult) => void
  signal?: AbortSignal
}

const REFUSALS_LISTED_MAX = 1_000 // further refusals are only counted, so that memory stays bounded

export const emptyResult = (): ImportResult => ({ read: 0, added: 0, unchanged: 0, refused: [], refused_count: 0 })

export function addRefusal(result: ImportResult, line: number, reason: string): void {
  result.refused_count++
  if (result.refused.length < REFUSALS_LISTED_MAX) result.refused.push({ line, reason })
}
