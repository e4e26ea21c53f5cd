// Splits a stream of bytes into lines, and decodes a line.

/**
 * The size limit of a line. An article may have 1 MiB (article-line.ts), and JSON escapes make it up to six times as long, so
 * every exported article can be imported.
 */
export const LINE_MAX_BYTES = 8 * 1024 * 1024

/** `bytes` is undefined if the line exceeds the size limit; such a line is skipped. */
export interface RawLine {
  line: number
  bytes: Buffer | undefined
}

/** `line` counts from 1. */
export type Line = { line: number; value: unknown } | { line: number; reason: string }

/** Splits at \n, or at \r in a file whose first line ends with it alone, as old spreadsheets write it. Lines longer than `maxBytes` are not buffered. A byte order mark is removed. */
export async function* splitLines(chunks: AsyncIterable<Buffer>, maxBytes = LINE_MAX_BYTES): AsyncGenerator<RawLine> {
  let line = 1
  let parts: Buffer[] = []
  let length = 0
  const append = (part: Buffer) => {
    length += part.length
    if (length > maxBytes) parts = []
    else if (part.length > 0) parts.push(part)
  }
  const finish = (): RawLine => {
    let bytes = length > maxBytes ? undefined : parts.length === 1 ? parts[0] : Buffer.concat(parts)
    if (line === 1 && bytes?.subarray(0, 3).equals(BYTE_ORDER_MARK)) bytes = bytes.subarray(3)
    parts = []
    length = 0
    return { line: line++, bytes }
  }
  let separator: number | undefined
  let held: Buffer | undefined
  async function* withLastReturn(): AsyncGenerator<Buffer> {
    yield* chunks
    if (held) yield Buffer.alloc(0)
  }
  for await (const piece of withLastReturn()) {
    const chunk = held ? Buffer.concat([held, piece]) : piece
    separator ??= findSeparator(chunk)
    // Whether \n follows is in the next chunk.
    held = separator === undefined && chunk.at(-1) === RETURN && !held ? chunk.subarray(-1) : undefined
    if (held) {
      append(chunk.subarray(0, -1))
      continue
    }
    let from = 0
    for (let end = indexOf(chunk, separator, 0); end >= 0; end = indexOf(chunk, separator, from)) {
      append(chunk.subarray(from, end))
      from = end + 1
      yield finish()
    }
    append(chunk.subarray(from))
  }
  if (length > 0) yield finish()
}

const NEWLINE = 10
const RETURN = 13

const indexOf = (chunk: Buffer, separator: number | undefined, from: number) =>
  separator === undefined ? -1 : chunk.indexOf(separator, from)

/** Undefined while no line has ended. */
function findSeparator(chunk: Buffer): number | undefined {
  const [newline, carriage] = [chunk.indexOf(NEWLINE), chunk.indexOf(RETURN)]
  const isAlone = carriage >= 0 && carriage + 1 < chunk.length && (newline < 0 || carriage + 1 < newline)
  if (isAlone) return RETURN
  return newline >= 0 ? NEWLINE : undefined
}
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
