// Lines as bytes: splitting a stream into them, and turning one into text.

/**
 * What one line may hold. An article's text may have 1 MiB (article-line.ts), which JSON can write six times as long;
 * so whatever was exported can be imported.
 */
export const LINE_MAX_BYTES = 8 * 1024 * 1024

/** `bytes` is undefined when the line was longer than allowed: it was passed over, not kept. */
export interface RawLine {
  line: number
  bytes: Buffer | undefined
}

/** `line` counts from 1 as editors do. */
export type Line = { line: number; value: unknown } | { line: number; reason: string }

/** Splits at \n; what is longer than `maxBytes` is passed over without being kept. A byte order mark is dropped. */
export async function* splitLines(chunks: AsyncIterable<Buffer>, maxBytes = LINE_MAX_BYTES): AsyncGenerator<RawLine> {
  let line = 1
  let kept: Buffer[] = []
  let length = 0
  const keep = (part: Buffer) => {
    length += part.length
    if (length > maxBytes) kept = []
    else if (part.length > 0) kept.push(part)
  }
  const finish = (): RawLine => {
    let bytes = length > maxBytes ? undefined : kept.length === 1 ? kept[0] : Buffer.concat(kept)
    if (line === 1 && bytes?.subarray(0, 3).equals(BYTE_ORDER_MARK)) bytes = bytes.subarray(3)
    kept = []
    length = 0
    return { line: line++, bytes }
  }
  for await (const chunk of chunks) {
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      keep(chunk.subarray(from, end))
      from = end + 1
      yield finish()
    }
    keep(chunk.subarray(from))
  }
  if (length > 0) yield finish()
}

const NEWLINE = 10
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/** Only spaces, tabs and carriage returns. */
export function isBlank({ bytes }: RawLine): boolean {
  return bytes?.every(byte => byte === 32 || byte === 9 || byte === 13) ?? false
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function decodeUtf8(bytes: Buffer | undefined): string | { reason: string } {
  if (!bytes) return { reason: `is longer than ${LINE_MAX_BYTES / 1024 / 1024} MiB` }
  try {
    return utf8.decode(bytes)
  } catch {
    return { reason: 'is not UTF-8' }
  }
}
